using System.Buffers;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>
/// Scores images for any number of concurrent callers, such as the requests of a web application. Their images are decoded in parallel and
/// scored in batches. <see cref="PredictorCatalog.CreateVisionPredictor(ModelOperationsCatalog, string, VisionPredictorOptions)"/> creates
/// it. Thread-safe; one serves a whole application. It holds native memory and threads: dispose it.
/// </summary>
/// <remarks>
/// A request is answered as if it were alone: the other images of its batch do not change its scores beyond float rounding. An image that
/// cannot be read is an error for its own caller only. The number of concurrent requests is limited
/// (<see cref="VisionPredictorOptions.QueueCapacity"/>); further requests are rejected or wait. A model can be replaced while it is in use
/// (UpdateModelAsync, or <see cref="VisionPredictorOptions.ReloadInterval"/>).
/// </remarks>
public sealed class VisionPredictor : IDisposable, IAsyncDisposable
{
    /// <summary>The name of the meter, for OpenTelemetry's <c>AddMeter</c>. docs/serving.md lists its instruments.</summary>
    public const string MeterName = "MLNetExtensions.Serving";

    private readonly MLContext _context;
    private readonly VisionPredictorOptions _options;
    private readonly Func<OnnxModelSource, ServedModel> _open;
    private readonly Admission _admission;
    private readonly PredictorMetrics _metrics;
    private readonly Pulse _pulse = new();
    private readonly RequestQueue _queue;
    private readonly PredictionWorker[] _workers;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _swapping = new(1);
    private readonly Lock _disposing = new();
    private ModelFileWatch? _watch;
    private volatile Exception? _reloadError;
    private bool _disposed;

    /// <param name="context">The context.</param>
    /// <param name="options">The settings, checked and the predictor's own.</param>
    /// <param name="model">The first model; from now on the predictor's.</param>
    /// <param name="open">Opens further ones.</param>
    internal VisionPredictor(MLContext context, VisionPredictorOptions options, ServedModel model, Func<OnnxModelSource, ServedModel> open)
    {
        _context = context;
        _options = options;
        _open = open;
        model.Version = 1;
        _admission = new Admission(options.QueueCapacity);
        _metrics = new PredictorMetrics(options.MeterFactory, options.Name, _admission);
        _queue = new RequestQueue(model, _admission, options.MaxDelay);
        _workers =
        [
            .. Enumerable
                .Range(0, options.ThreadsInUse)
                .Select(i => new PredictionWorker(_queue, _metrics, _pulse, $"vision predictor {options.Name} {i}")),
        ];
    }

    /// <summary>The current status of the predictor.</summary>
    public VisionPredictorStatus Status =>
        new(_admission.Inside, _admission.Capacity, _queue.ModelVersion, _reloadError, Volatile.Read(ref _disposed));

    /// <summary>Scores an encoded image.</summary>
    /// <param name="encoded">The bytes of an image file: JPEG, PNG, GIF, BMP or WebP. They are not copied; do not change them before the
    /// task has ended. A canceled one ends when they are no longer read.</param>
    /// <param name="cancellationToken">Cancels the request; others of its batch are not affected.</param>
    /// <exception cref="InvalidImageException">The image cannot be decoded completely, or is larger than allowed.</exception>
    /// <exception cref="PredictorOverloadedException">The predictor is full and rejects requests.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed, or was disposed before the answer.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime could not run the model; the message names it.</exception>
    public Task<VisionPrediction> PredictAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken = default) =>
        encoded.Length > _options.MaxEncodedBytes
            ? Task.FromException<VisionPrediction>(PooledBytes.TooLong(_options.MaxEncodedBytes))
            : Submit(new EncodedBytes(encoded), cancellationToken);

    /// <summary>Scores an encoded image that comes as a stream, such as the body of a web request.</summary>
    /// <param name="encoded">The stream. It is read to its end before the request is queued; the caller keeps it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{byte}, CancellationToken)" path="/exception"/>
    public async Task<VisionPrediction> PredictAsync(Stream encoded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        // Not worth reading for nothing.
        if (_options.WhenFull == QueueFullMode.Reject && _admission.Inside >= _admission.Capacity)
            throw Rejected();
        PooledBytes bytes = await PooledBytes.ReadAsync(encoded, _options.MaxEncodedBytes, cancellationToken).ConfigureAwait(false);
        return await Submit(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Scores an image file.</summary>
    /// <param name="path">The file; it is read by a thread of the predictor.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{byte}, CancellationToken)" path="/exception"/>
    public Task<VisionPrediction> PredictAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Submit(new ImageFile(path), cancellationToken);
    }

    /// <summary>
    /// Scores an image that ML.NET has decoded. It is resized on the caller's thread; its EXIF orientation is no longer known.
    /// </summary>
    /// <param name="image">The image. The caller keeps it; it is not used after the task has ended.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{byte}, CancellationToken)" path="/exception"/>
    public async Task<VisionPrediction> PredictAsync(MLImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        long started = Stopwatch.GetTimestamp();
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        var request = new PredictionRequest(null, _admission, _metrics, started, cancellationToken);
        try
        {
            request.Model = _queue.HoldModel() ?? throw Disposed();
            request.Canvas = ArrayPool<byte>.Shared.Rent(request.Model.Decoder.CanvasBytes);
            request.Model.Decoder.Resize(image, request.Canvas);
            if (!_queue.AddDecoded(request))
                throw Disposed();
        }
        catch (Exception e)
        {
            request.Fail(e);
            request.Release();
        }
        return await request.Task.ConfigureAwait(false);
    }

    /// <summary>Scores a black image like any other request, to check that the predictor works.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{byte}, CancellationToken)" path="/exception"/>
    public Task ProbeAsync(CancellationToken cancellationToken = default) => Submit(new BlackImage(), cancellationToken);

    /// <summary>
    /// Loads a model file and replaces the model. No request is dropped; those that are already decoded are answered by the old model.
    /// </summary>
    /// <param name="modelFile">The file, as for
    /// <see cref="PredictorCatalog.CreateVisionPredictor(ModelOperationsCatalog, string, VisionPredictorOptions)"/>.</param>
    /// <param name="cancellationToken">Cancels the update, until the new model has taken over.</param>
    /// <returns>A task that ends when the old model has answered its last request and is freed.</returns>
    /// <inheritdoc cref="PredictorCatalog.CreateVisionPredictor(ModelOperationsCatalog, string, VisionPredictorOptions)" path="/exception"/>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public Task UpdateModelAsync(string modelFile, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        return UpdateModelAsync(() => _open(ServedModelSource.OfFile(modelFile)), cancellationToken);
    }

    /// <summary>
    /// Replaces the model by a fitted or loaded one. <inheritdoc cref="UpdateModelAsync(string, CancellationToken)" path="/summary"/>
    /// </summary>
    /// <param name="model">The model, as for
    /// <see cref="PredictorCatalog.CreateVisionPredictor(ModelOperationsCatalog, ITransformer, VisionPredictorOptions)"/>. The caller keeps
    /// it.</param>
    /// <param name="cancellationToken">Cancels the update, until the new model has taken over.</param>
    /// <returns>A task that ends when the old model has answered its last request and is freed.</returns>
    /// <inheritdoc cref="PredictorCatalog.CreateVisionPredictor(ModelOperationsCatalog, ITransformer, VisionPredictorOptions)" path="/exception"/>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public Task UpdateModelAsync(ITransformer model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxModelSource source = ServedModelSource.Of(_context, model);
        return UpdateModelAsync(() => _open(source), cancellationToken);
    }

    /// <summary>
    /// Shuts the predictor down: requests that are being scored are answered, all others fail with <see cref="ObjectDisposedException"/>.
    /// Returns when the threads have ended and the model is freed.
    /// </summary>
    public void Dispose()
    {
        lock (_disposing)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
            _watch?.Dispose();
            _closing.Cancel();
            ServedModel model = _queue.Close(out IReadOnlyList<PredictionRequest> left);
            foreach (PredictionRequest request in left)
            {
                request.Fail(Disposed());
                request.ReleaseImage();
                request.Release();
            }
            foreach (PredictionWorker worker in _workers)
                worker.Join();
            model.Release();
            _metrics.Dispose();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    /// <summary>True if the predictor has scored its last batch, within that time.</summary>
    internal bool HasAnsweredWithin(TimeSpan time) => _pulse.BeatsWithin(time);

    /// <summary>Makes a predictor's own error of having been disposed.</summary>
    internal static ObjectDisposedException Disposed() =>
        new(
            nameof(VisionPredictor),
            "The predictor was disposed before this request was answered. Send it to another one, or try again when the application is "
                + "up again."
        );

    /// <summary>Begins to look whether a file changes.</summary>
    /// <param name="path">The file of the first model.</param>
    /// <param name="loaded">Its stamp from before it was read.</param>
    /// <param name="interval">The time between two looks.</param>
    internal void Watch(string path, FileStamp? loaded, TimeSpan interval) =>
        _watch = new ModelFileWatch(path, loaded, interval, cancellation => ReloadAsync(path, cancellation));

    /// <summary>Replaces the model, one at a time.</summary>
    internal async Task UpdateModelAsync(Func<ServedModel> load, CancellationToken cancellation)
    {
        ServedModel? old;
        await _swapping.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ServedModel model = await Task.Run(load, cancellation).ConfigureAwait(false);
            old = cancellation.IsCancellationRequested ? null : _queue.Replace(model);
            if (old is null)
            {
                model.Release();
                cancellation.ThrowIfCancellationRequested();
                throw new ObjectDisposedException(
                    nameof(VisionPredictor),
                    "The predictor was disposed before the new model could take over."
                );
            }
            _metrics.ModelSwapped(null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _metrics.ModelSwapped(e);
            throw;
        }
        finally
        {
            _swapping.Release();
        }
        old.Release();
        await old.Freed.ConfigureAwait(false);
    }

    private async Task ReloadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await UpdateModelAsync(path, cancellation).ConfigureAwait(false);
            _reloadError = null;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return; // disposed meanwhile
        }
        catch (Exception e)
        {
            _reloadError = e;
        }
        try
        {
            _options.OnReload?.Invoke(new ModelReload(path, _queue.ModelVersion, _reloadError));
        }
        catch (Exception e)
        {
            // The caller's own error. There is nobody to throw it to, and the next file is to be loaded too.
            ScoringLog.Warn(_context, $"{nameof(VisionPredictorOptions.OnReload)} failed for the model file '{path}': {e}");
        }
    }

    private Task<VisionPrediction> Submit(RequestImage image, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        return !cancellation.IsCancellationRequested && _admission.TryEnter()
            ? Enqueue(image, started, cancellation)
            : SubmitWhenEntered(image, started, cancellation);
    }

    private async Task<VisionPrediction> SubmitWhenEntered(RequestImage image, long started, CancellationToken cancellation)
    {
        try
        {
            await EnterAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            image.Release();
            throw;
        }
        return await Enqueue(image, started, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts a request that has a place into the queue.</summary>
    private Task<VisionPrediction> Enqueue(RequestImage image, long started, CancellationToken cancellation)
    {
        var request = new PredictionRequest(image, _admission, _metrics, started, cancellation);
        if (!_queue.Add(request))
        {
            request.Fail(Disposed());
            request.ReleaseImage();
        }
        return request.Task;
    }

    /// <summary>Takes a place, or waits for one, or throws, as the options have it.</summary>
    private async Task EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_closing.IsCancellationRequested)
            throw Disposed();
        if (_admission.TryEnter())
            return;
        if (_options.WhenFull == QueueFullMode.Reject)
            throw Rejected();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            await _admission.EnterAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Disposed();
        }
        catch (OperationCanceledException)
        {
            // The exception should carry the caller's own token.
            throw new OperationCanceledException(cancellation);
        }
    }

    private PredictorOverloadedException Rejected()
    {
        _metrics.RequestRejected();
        return new PredictorOverloadedException(_admission.Capacity, _admission.RetryAfter);
    }
}
