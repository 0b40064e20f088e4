using System.Buffers;
using System.Diagnostics;

namespace MLNetExtensions.Serving;

/// <summary>
/// One request on its way: accepted, decoded, scored, answered. It ends once, with an answer, an error or its cancellation; whoever ends it
/// first does so, and gives its place back before its caller goes on.
/// </summary>
internal sealed class PredictionRequest : TaskCompletionSource<VisionPrediction>
{
    // A task that is canceled ends when the caller's memory is no longer read: when the second of these is noted.
    private const int IsCanceled = 1,
        IsRead = 2;

    private readonly Admission _admission;
    private readonly PredictorMetrics _metrics;
    private readonly long _started;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private RequestImage? _image;
    private int _ended,
        _reading;

    /// <param name="image">The image; null if the canvas is filled by the caller. From now on the request's.</param>
    /// <param name="admission">The queue that holds the request's place.</param>
    /// <param name="metrics">Records how it ends.</param>
    /// <param name="started">When the caller called.</param>
    /// <param name="cancellation">Ends it.</param>
    public PredictionRequest(
        RequestImage? image,
        Admission admission,
        PredictorMetrics metrics,
        long started,
        CancellationToken cancellation
    )
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _image = image;
        _reading = image is { IsCallers: true } ? 0 : IsRead;
        _admission = admission;
        _metrics = metrics;
        _started = started;
        _cancellation = cancellation;
        if (cancellation.CanBeCanceled)
            _registration = cancellation.UnsafeRegister(static request => ((PredictionRequest)request!).Cancel(), this);
    }

    /// <summary>True if the request has ended, so that no more work is done for it.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>The model that it is decoded for and answered by.</summary>
    public ServedModel? Model { get; set; }

    /// <summary>The decoded image, in an array of the shared pool.</summary>
    public byte[]? Canvas { get; set; }

    /// <summary>The time at which the image was decoded.</summary>
    public long Decoded { get; set; }

    /// <summary>Takes the image over; null if the request was canceled before.</summary>
    public RequestImage? TakeImage() => Interlocked.Exchange(ref _image, null);

    /// <summary>Gives back the image of a request that nobody is to decode.</summary>
    public void ReleaseImage()
    {
        TakeImage()?.Release();
        EndReading();
    }

    /// <summary>Tells that the image, which was taken over, is no longer read.</summary>
    public void EndReading()
    {
        if (Interlocked.Or(ref _reading, IsRead) == IsCanceled)
            SetCanceled(_cancellation);
    }

    public void Answer(VisionPrediction prediction)
    {
        if (!TryEnd(null))
            return;
        _registration.Unregister();
        SetResult(prediction);
    }

    public void Fail(Exception error)
    {
        if (!TryEnd(error))
            return;
        _registration.Unregister();
        SetException(error);
    }

    /// <summary>Gives back the canvas and the model; the worker that has the request calls it once, at the end.</summary>
    public void Release()
    {
        if (Canvas is { } canvas)
            ArrayPool<byte>.Shared.Return(canvas);
        Canvas = null;
        Model?.Release();
        Model = null;
    }

    private void Cancel()
    {
        var canceled = new OperationCanceledException(_cancellation);
        if (!TryEnd(canceled))
            return;
        // A queue of canceled requests must not hold their images.
        RequestImage? image = TakeImage();
        image?.Release();
        if (image is not null || (Interlocked.Or(ref _reading, IsCanceled) & IsRead) != 0)
            SetCanceled(_cancellation);
    }

    private bool TryEnd(Exception? error)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        TimeSpan duration = Stopwatch.GetElapsedTime(_started);
        if (error is null)
            _admission.Note(duration);
        _admission.Leave();
        _metrics.RequestEnded(duration, error);
        return true;
    }
}
