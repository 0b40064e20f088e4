using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace WebAppSample.Security;

/// <summary>Closes the connections of an address that holds too many, so that one client cannot hold all that the server has.</summary>
internal sealed class ConnectionsByAddress(int limit)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = [];

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: { } address })
        {
            await next(connection);
            return;
        }
        try
        {
            if (_open.AddOrUpdate(address, 1, (_, count) => count + 1) <= limit)
                await next(connection);
            else
                connection.Abort();
        }
        finally
        {
            int left = _open.AddOrUpdate(address, 0, (_, count) => count - 1);
            // Only if it is still the last one's: another may just have come.
            if (left == 0)
                _open.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
        }
    }
}
