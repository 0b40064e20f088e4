using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A server on this machine that sends one file, slowly, from where it is asked to begin.</summary>
internal sealed class KillServer : IDisposable
{
    public const string FileName = "net.onnx";
    private const int Piece = 1 << 14;

    private readonly HttpListener _listener = new();

    public KillServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public static byte[] Content { get; } = MakeContent();

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => SendAsync(context));
        }
    }

    private static async Task SendAsync(HttpListenerContext context)
    {
        int from = 0;
        if (context.Request.Headers["Range"] is { } range)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        }
        context.Response.Headers["ETag"] = "\"1\"";
        context.Response.ContentLength64 = Content.Length - from;
        try
        {
            for (int at = from; at < Content.Length; at += Piece)
            {
                await context.Response.OutputStream.WriteAsync(Content.AsMemory(at, Math.Min(Piece, Content.Length - at)));
                await Task.Delay(1);
            }
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // Whoever asked was killed.
        }
    }

    private static byte[] MakeContent()
    {
        byte[] content = new byte[3 << 20];
        new Random(1).NextBytes(content);
        return content;
    }
}
