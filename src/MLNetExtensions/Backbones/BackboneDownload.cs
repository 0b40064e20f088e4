using System.Net;
using System.Net.Http.Headers;
using MLNetExtensions.Onnx.Files;
using Polly;
using Polly.Retry;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Fetches one file over HTTP. Bytes go to <c>FILE.part</c>, which this process holds exclusively; when its size and SHA-256 are right it
/// takes the file's place in one move. A part that is already there is continued (Range), also the part of an earlier process.
/// </summary>
internal sealed class BackboneDownload(BackboneInfo file, string path, DownloadOptions options)
{
    private const int BufferSize = 1 << 16;
    private const int ProgressStep = 1 << 18;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    private readonly CancellationToken _cancellation = options.CancellationToken;
    private readonly string _part = path + ".part";

    // The entity tag that the mirror in use gave: with it the next request proves that the file is still the same.
    private EntityTagHeaderValue? _tag;

    /// <exception cref="IOException">It cannot be written; the message says what to do.</exception>
    public async Task RunAsync()
    {
        try
        {
            await FetchAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw WriteProblem.Of(path, e);
        }
    }

    // A disk that is full, or cannot be written to, is so the next time and for the next mirror too.
    private static bool IsOfDisk(Exception e) =>
        e is UnauthorizedAccessException or DirectoryNotFoundException || (WriteProblem.Is(e) && WriteProblem.Cure(e).Length > 0);

    private async Task FetchAsync()
    {
        if (await IsCompleteAsync().ConfigureAwait(false))
            return;
        Uri[] mirrors = [.. options.BaseAddresses?.Select(Below) ?? file.Uris];
        if (mirrors.Length == 0)
            throw new InvalidOperationException(
                $"The backbone '{file.Name}' is not published for download. {file.HowToGet(Path.GetDirectoryName(path)!)}"
            );
        if (mirrors.FirstOrDefault(mirror => !IsAllowed(mirror, options.AllowHttp)) is { } refused)
            throw new ArgumentException(
                $"'{refused}' is not an address of HTTPS. Name one, or allow HTTP ({nameof(DownloadOptions)}.{nameof(options.AllowHttp)}).",
                nameof(options)
            );
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        FileStream part = await LockPartAsync().ConfigureAwait(false);
        try
        {
            // Another process may have finished it while this one waited for the lock.
            if (await IsCompleteAsync().ConfigureAwait(false))
                return;
            await FetchAsync(part, mirrors).ConfigureAwait(false);
            await part.FlushAsync(_cancellation).ConfigureAwait(false);
            OwnerOnly.Release(_part, path);
            File.Move(_part, path, overwrite: true);
        }
        finally
        {
            // While the lock is held, so that nobody else's part is deleted.
            if (part.Length == 0)
                File.Delete(_part);
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>True if files are fetched from an address: by HTTPS, and from this machine by HTTP.</summary>
    public static bool IsAllowed(Uri mirror, bool allowHttp = false) =>
        mirror.Scheme == Uri.UriSchemeHttps || (mirror.Scheme == Uri.UriSchemeHttp && (allowHttp || mirror.IsLoopback));

    private Uri Below(Uri folder) =>
        new(folder.AbsoluteUri.EndsWith('/') ? folder : new Uri(folder.AbsoluteUri + "/"), Uri.EscapeDataString(file.FileName));

    private async Task<bool> IsCompleteAsync()
    {
        while (true)
        {
            var info = new FileInfo(path);
            if (!info.Exists || info.Length != file.Size)
                return false;
            try
            {
                using FileStream stream = info.Open(FileMode.Open, FileAccess.Read, FileShare.Read);
                return await FileHash.Sha256Async(stream, _cancellation).ConfigureAwait(false) == file.Sha256;
            }
            catch (IOException e) when (FileInUse.Is(e))
            {
                // The process that has just moved it here has not let go yet.
                await Task.Delay(LockPoll, _cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<FileStream> LockPartAsync()
    {
        // Windows moves an open file only where the handle shares deletion; elsewhere only FileShare.None takes the lock.
        // They have no buffer: what is written is large enough; and so nothing is left to write when it is closed on a full disk.
        FileStreamOptions settings = OwnerOnly.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite);
        settings.Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        settings.Options = FileOptions.Asynchronous;
        while (true)
        {
            try
            {
                var part = new FileStream(_part, settings);
                // The process that held it may have deleted or moved it between the opening and the lock.
                if (new FileInfo(_part) is { Exists: true } info && info.Length == part.Length)
                    return part;
                await part.DisposeAsync().ConfigureAwait(false);
            }
            catch (IOException e) when (FileInUse.Is(e))
            {
                await Task.Delay(LockPoll, _cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task FetchAsync(FileStream part, Uri[] mirrors)
    {
        var problems = new List<string>();
        Exception? last = null;
        foreach (Uri mirror in mirrors)
        {
            try
            {
                await FetchAsync(part, mirror).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
                when ((e is HttpRequestException or IOException or InvalidDataException or TimeoutException) && !IsOfDisk(e))
            {
                problems.Add($"{mirror}: {e.Message}");
                last = e;
            }
        }
        string message =
            $"The backbone '{file.Name}' could not be downloaded. {string.Join(" ", problems)} {file.HowToCopy(Path.GetDirectoryName(path)!)}";
        throw last is InvalidDataException ? new InvalidDataException(message, last) : new HttpRequestException(message, last);
    }

    private async Task FetchAsync(FileStream part, Uri mirror)
    {
        // A loopback address is never meant for a proxy.
        using var handler = new SocketsHttpHandler
        {
            UseProxy = !mirror.IsLoopback,
            ConnectTimeout = options.StallTimeout,
            // From HTTPS to HTTP it follows none.
            MaxAutomaticRedirections = 5,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        ResiliencePipeline retry = Retry();
        bool continued = part.Length > 0;
        _tag = null;
        await retry
            .ExecuteAsync(async _ => await ContinueAsync(client, mirror, part).ConfigureAwait(false), _cancellation)
            .ConfigureAwait(false);

        string hash = await HashAsync(part).ConfigureAwait(false);
        if (hash != file.Sha256 && continued)
        {
            // The part of an earlier run may be of another file: once more from the beginning.
            part.SetLength(0);
            await retry
                .ExecuteAsync(async _ => await ContinueAsync(client, mirror, part).ConfigureAwait(false), _cancellation)
                .ConfigureAwait(false);
            hash = await HashAsync(part).ConfigureAwait(false);
        }
        if (hash != file.Sha256)
        {
            part.SetLength(0);
            throw new InvalidDataException($"the file has the SHA-256 {hash}, the catalog says {file.Sha256}; it was deleted.");
        }
    }

    private async Task<string> HashAsync(FileStream part)
    {
        part.Position = 0;
        return await FileHash.Sha256Async(part, _cancellation).ConfigureAwait(false);
    }

    private ResiliencePipeline Retry() =>
        options.Retries <= 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder()
                .AddRetry(
                    new RetryStrategyOptions
                    {
                        MaxRetryAttempts = options.Retries,
                        Delay = options.RetryDelay,
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        ShouldHandle = new PredicateBuilder()
                            .Handle<TimeoutException>()
                            .Handle<IOException>(e => !IsOfDisk(e))
                            .Handle<HttpRequestException>(e =>
                                e.StatusCode
                                    is null
                                        or HttpStatusCode.RequestTimeout
                                        or HttpStatusCode.TooManyRequests
                                        or >= HttpStatusCode.InternalServerError
                            ),
                    }
                )
                .Build();

    /// <summary>One request: appends what is missing to the part.</summary>
    private async Task ContinueAsync(HttpClient client, Uri mirror, FileStream part)
    {
        if (part.Length > file.Size)
            part.SetLength(0);
        if (part.Length == file.Size)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Get, mirror);
        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            if (_tag is { IsWeak: false })
                request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            using HttpResponseMessage response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                part.SetLength(0);
                throw new IOException("the server does not have the rest of the file.");
            }
            if (!response.IsSuccessStatusCode)
                throw new HttpRequestException(
                    $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}.",
                    null,
                    response.StatusCode
                );
            Position(part, response);
            _tag = response.Headers.ETag;
            await CopyAsync(response, mirror, part, stall).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!_cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the server sent nothing for {options.StallTimeout.TotalSeconds:0.#} seconds.", e);
        }
        finally
        {
            await part.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Sets the part to where the answer goes on: its end, or its beginning where the server sends the whole file.</summary>
    private void Position(FileStream part, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
            if (range?.From != part.Length || (range.Length is long total && total != file.Size))
                throw new InvalidDataException(
                    $"the server answered with the range '{range}', expected bytes from {part.Length} of {file.Size}."
                );
        }
        else
        {
            if (response.Content.Headers.ContentLength is long length && length != file.Size)
                throw new InvalidDataException($"the server has a file of {length} bytes, the catalog says {file.Size}.");
            part.SetLength(0);
        }
        part.Position = part.Length;
    }

    private async Task CopyAsync(HttpResponseMessage response, Uri mirror, FileStream part, CancellationTokenSource stall)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        long reported = part.Position;
        int read;
        while ((read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false)) > 0)
        {
            stall.CancelAfter(options.StallTimeout);
            if (part.Position + read > file.Size)
            {
                part.SetLength(0);
                throw new InvalidDataException($"the server sends more than the {file.Size} bytes that the catalog says.");
            }
            await part.WriteAsync(buffer.AsMemory(0, read), _cancellation).ConfigureAwait(false);
            if (part.Position - reported >= ProgressStep || part.Position == file.Size)
                options.Progress?.Report(new DownloadProgress(reported = part.Position, file.Size, mirror));
        }
        if (part.Position < file.Size)
            throw new IOException($"the connection ended after {part.Position} of {file.Size} bytes.");
    }
}
