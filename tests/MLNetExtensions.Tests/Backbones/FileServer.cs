using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>A file server on 127.0.0.1 that misbehaves as told: one answer per request, the last one again and again.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Answer[] _answers;
    private readonly Task _loop;

    public FileServer(params Answer[] answers)
    {
        _answers = answers;
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    /// <summary>The start lines and headers of the requests so far.</summary>
    public List<string> Requests { get; } = [];

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Only then, as the loop may not have begun to listen.
        await _loop;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string request = await ReadRequestAsync(stream);
                Answer answer;
                lock (Requests)
                {
                    answer = _answers[Math.Min(Requests.Count, _answers.Length - 1)];
                    Requests.Add(request);
                }
                await answer.WriteAsync(stream, request, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            bytes.Add(one[0]);
            if (bytes.Count >= 4 && bytes[^1] == '\n' && bytes[^3] == '\n')
                break;
        }
        return Encoding.ASCII.GetString([.. bytes]);
    }

    /// <summary>What the server does with a request.</summary>
    public sealed record Answer
    {
        public int Status { get; init; } = 200;
        public byte[] Content { get; init; } = [];
        public string? ETag { get; init; }
        public string? Location { get; init; }
        public bool Ranges { get; init; } = true;
        public bool Chunked { get; init; }

        /// <summary>Closes the connection after so many bytes of the body.</summary>
        public int? CutAfter { get; init; }

        /// <summary>Stops sending after so many bytes of the body, and keeps the connection.</summary>
        public int? HangAfter { get; init; }

        public async Task WriteAsync(NetworkStream stream, string request, CancellationToken cancellation)
        {
            int from = 0;
            string? range = Header(request, "Range");
            string? condition = Header(request, "If-Range");
            if (Status == 200 && Ranges && range is not null && (condition is null || condition == ETag))
                from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            byte[] body = Status == 200 ? Content[from..] : [];

            var head = new StringBuilder($"HTTP/1.1 {(from > 0 ? 206 : Status)} x\r\nConnection: close\r\n");
            if (ETag is not null)
                head.Append($"ETag: {ETag}\r\n");
            if (Location is not null)
                head.Append($"Location: {Location}\r\n");
            if (from > 0)
                head.Append($"Content-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n");
            head.Append(Chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {body.Length}\r\n\r\n");
            if (Chunked)
                head.Append($"{body.Length:X}\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), cancellation);

            int stop = Math.Min(CutAfter ?? HangAfter ?? body.Length, body.Length);
            await stream.WriteAsync(body.AsMemory(0, stop), cancellation);
            if (HangAfter is not null)
                await Task.Delay(Timeout.Infinite, cancellation);
            if (Chunked && CutAfter is null)
                await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray(), cancellation);
        }

        private static string? Header(string request, string name) =>
            request
                .Split("\r\n")
                .FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                ?[(name.Length + 1)..].Trim();
    }
}
