using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

/// <summary>What is too large, broken, of another type, too much or too slow is refused with a reason, and the application goes on.</summary>
public sealed class LimitsTests : IAsyncLifetime
{
    private static readonly byte[] Photo = DrawnPhoto.Encode(seed: 1, 64, 48);

    private RunningApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await RunningApp.StartAsync(null, ("WebApp:MaxImageBytes", 300_000));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string, int, string> Refused =>
        new()
        {
            { "empty", 400, "no image" },
            { "text", 415, "JPEG, PNG, WebP, GIF or BMP" },
            { "svg", 415, "JPEG, PNG, WebP, GIF or BMP" },
            { "zip", 415, "JPEG, PNG, WebP, GIF or BMP" },
            { "header alone", 422, "damaged" },
            { "first half", 422, "cannot be decoded" },
            { "text that begins like a JPEG", 422, "damaged" },
            { "10,000 x 10,000, all there", 413, "10000 x 10000" },
            { "30,000 x 30,000 in the header", 413, "30000 x 30000" },
            { "too many bytes", 413, "300000 bytes" },
            { "random bytes behind a PNG's start", 422, "damaged" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_image_is_refused_everywhere_with_a_reason(string kind, int status, string reason)
    {
        byte[] body = Bytes(kind);
        foreach (string path in new[] { "/api/predict", "/api/explain", "/api/images" })
        {
            HttpResponseMessage response = await _app.PostAsync(path, body);

            string problem = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode == status, $"{path}: {response.StatusCode}: {problem}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Contains(reason, problem, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/api/predict", Photo)).StatusCode);
    }

    [Fact]
    public async Task A_form_that_is_none_or_is_cut_short_is_refused()
    {
        using var fields = new MultipartFormDataContent { { new StringContent("text"), "comment" } };
        using var cut = new ByteArrayContent(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nabc"u8.ToArray()
        );
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var unbounded = new ByteArrayContent(Photo);
        unbounded.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");

        foreach (HttpContent content in new HttpContent[] { fields, cut, unbounded })
            Assert.Equal(HttpStatusCode.BadRequest, (await _app.Client.PostAsync("/api/predict", content)).StatusCode);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_at_the_limit()
    {
        using var endless = new StreamContent(new MemoryStream(new byte[5_000_000]));
        endless.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/predict") { Content = endless };
        request.Headers.TransferEncodingChunked = true;

        try
        {
            HttpResponseMessage response = await _app.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException e) when (e.InnerException is IOException)
        {
            // The connection was closed while the rest was still being written, so that the answer could not be read.
        }
        // Where the answer came first, the server closes its connection a moment later; the next request is for another one.
        using var next = new HttpClient { BaseAddress = _app.Client.BaseAddress };
        Assert.Equal(HttpStatusCode.OK, (await next.PostAsync("/api/predict", new ByteArrayContent(Photo))).StatusCode);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_to_wait()
    {
        await using RunningApp app = await RunningApp.StartAsync(null, ("WebApp:PredictionsPerSecond", 1));

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.PostAsync("/api/predict", Photo)));

        HttpResponseMessage[] refused = [.. responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests)];
        Assert.InRange(refused.Length, 1, 18);
        Assert.All(refused, response => Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1)));
        Assert.All(responses.Except(refused), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task A_client_that_sends_too_slowly_loses_its_connection_and_nobody_else_waits()
    {
        using var slow = new TcpClient();
        await slow.ConnectAsync(_app.Client.BaseAddress!.Host, _app.Client.BaseAddress.Port);
        await using NetworkStream stream = slow.GetStream();
        await stream.WriteAsync("POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/api/predict", Photo)).StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        string answer = await reader.ReadToEndAsync(patience.Token);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WebApp:MaxConnections")]
    [InlineData("WebApp:MaxConnectionsPerAddress")]
    public async Task More_connections_than_allowed_are_closed_and_the_application_goes_on(string setting)
    {
        await using RunningApp app = await RunningApp.StartAsync(null, (setting, 20));
        var sockets = new List<TcpClient>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        bool isLastClosed = false;
        for (int i = 0; i < 60; i++)
        {
            sockets.Add(new TcpClient());
            isLastClosed = await IsClosedAsync(sockets[^1], app.Client.BaseAddress!, isLast: i == 59, patience.Token);
        }

        sockets.ForEach(socket => socket.Dispose());
        HttpResponseMessage? response = null;
        while (response is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                response = await app.PostAsync("/api/predict", Photo);
            }
            catch (HttpRequestException)
            {
                // The server has not noticed yet that the sockets are gone.
                await Task.Delay(50, patience.Token);
            }
        }

        Assert.True(isLastClosed);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Created)]
    [InlineData("Host", "elsewhere.example", HttpStatusCode.BadRequest)]
    public async Task Pages_of_other_sites_change_nothing(string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = new ByteArrayContent(Photo) };
        request.Headers.TryAddWithoutValidation(header, value);

        HttpResponseMessage response = await _app.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        int stored = (await _app.GetAsync<JsonElement>("/api/images")).GetArrayLength();
        Assert.Equal(expected == HttpStatusCode.Created ? 1 : 0, stored);
    }

    /// <summary>Connects; a connection that the server closes ends or is reset, one that it holds waits for its request.</summary>
    private static async Task<bool> IsClosedAsync(TcpClient socket, Uri address, bool isLast, CancellationToken patience)
    {
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, patience);
            return isLast && await socket.GetStream().ReadAsync(new byte[1], patience) == 0;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return true;
        }
    }

    private static byte[] Bytes(string kind) =>
        kind switch
        {
            "empty" => [],
            "text" => "This is no image.".Select(c => (byte)c).ToArray(),
            "svg" => "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8.ToArray(),
            "zip" => [.. "PK\x03\x04"u8, .. new byte[100]],
            "header alone" => Photo[..20],
            "first half" => Photo[..(Photo.Length / 2)],
            "text that begins like a JPEG" => [0xFF, 0xD8, 0xFF, .. "<script>alert(1)</script>"u8],
            "10,000 x 10,000, all there" => PngFile.Create(10_000, 10_000, 1, PngFile.Grayscale, new byte[1250]),
            "30,000 x 30,000 in the header" => OfHeight30000(PngFile.Create(30_000, 1, 1, PngFile.Grayscale, new byte[3750])),
            "too many bytes" => new byte[300_001],
            "random bytes behind a PNG's start" => [0x89, .. "PNG\r\n\x1A\n"u8, .. Enumerable.Range(0, 500).Select(i => (byte)(i * 31))],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    private static byte[] OfHeight30000(byte[] png)
    {
        // The height is at 20, the check sum of "IHDR" and its 13 bytes at 29.
        (png[20], png[21], png[22], png[23]) = (0, 0, 0x75, 0x30);
        uint crc = Crc32.HashToUInt32(png.AsSpan(12, 17));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), crc);
        return png;
    }
}
