using System.Net;
using System.Net.Sockets;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>Free addresses on this machine for new servers. Nothing listens there now; they are not reserved.</summary>
internal static class FreeAddresses
{
    /// <summary>Different addresses, as <c>127.0.0.1:port</c>.</summary>
    public static string[] Find(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            Array.ForEach(listeners, l => l.Start());
            return [.. listeners.Select(l => $"127.0.0.1:{((IPEndPoint)l.LocalEndpoint).Port}")];
        }
        finally
        {
            Array.ForEach(listeners, l => l.Stop());
        }
    }
}
