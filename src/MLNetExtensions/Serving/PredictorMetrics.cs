using System.Diagnostics.Metrics;

namespace MLNetExtensions.Serving;

/// <summary>
/// A predictor's instruments, named and measured as OpenTelemetry has it: seconds, and curly braces around things that are counted.
/// </summary>
internal sealed class PredictorMetrics : IDisposable
{
    private const string Prefix = "mlnetextensions.predictor.";

    // From a small network's millisecond to an overloaded server's seconds.
    private static readonly double[] DurationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] SizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _name;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _batchDuration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _swaps;
    private volatile bool _disposed;

    /// <param name="factory">Makes the meter; null for one of its own.</param>
    /// <param name="name">The predictor's name, a tag of each measurement.</param>
    /// <param name="admission">Knows the requests inside.</param>
    public PredictorMetrics(IMeterFactory? factory, string name, Admission admission)
    {
        var options = new MeterOptions(VisionPredictor.MeterName)
        {
            Version = typeof(PredictorMetrics).Assembly.GetName().Version?.ToString(3),
        };
        _meter = factory?.Create(options) ?? new Meter(options);
        _name = new KeyValuePair<string, object?>("predictor.name", name);
        _requestDuration = _meter.CreateHistogram(
            Prefix + "request.duration",
            "s",
            "From a request's call to its answer or error.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds }
        );
        _batchDuration = _meter.CreateHistogram(
            Prefix + "batch.duration",
            "s",
            "The network's time for a batch.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds }
        );
        _batchSize = _meter.CreateHistogram(
            Prefix + "batch.size",
            "{image}",
            "The images that were scored together.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = SizeBounds }
        );
        _rejected = _meter.CreateCounter<long>(Prefix + "requests.rejected", "{request}", "Requests that found the predictor full.");
        _errors = _meter.CreateCounter<long>(Prefix + "request.errors", "{request}", "Requests that ended with an error.");
        _swaps = _meter.CreateCounter<long>(Prefix + "model.swaps", "{swap}", "Models that took over, or failed to.");
        // A factory's meter outlives the predictor.
        _meter.CreateObservableUpDownCounter(
            Prefix + "queue.length",
            () => _disposed ? [] : new[] { new Measurement<int>(admission.Inside, _name) },
            "{request}",
            "The requests inside: waiting, being decoded or scored."
        );
    }

    /// <summary>A request ended; one that was canceled is no error.</summary>
    public void RequestEnded(TimeSpan duration, Exception? error)
    {
        if (error is null)
        {
            _requestDuration.Record(duration.TotalSeconds, _name);
            return;
        }
        KeyValuePair<string, object?> type = TypeOf(error);
        _requestDuration.Record(duration.TotalSeconds, _name, type);
        if (error is not OperationCanceledException)
            _errors.Add(1, _name, type);
    }

    public void RequestRejected() => _rejected.Add(1, _name);

    public void BatchScored(int images, TimeSpan duration)
    {
        _batchSize.Record(images, _name);
        _batchDuration.Record(duration.TotalSeconds, _name);
    }

    /// <summary>A model took over, or an error kept it from that.</summary>
    public void ModelSwapped(Exception? error)
    {
        if (error is null)
            _swaps.Add(1, _name);
        else
            _swaps.Add(1, _name, TypeOf(error));
    }

    public void Dispose()
    {
        _disposed = true;
        _meter.Dispose();
    }

    private static KeyValuePair<string, object?> TypeOf(Exception error) => new("error.type", error.GetType().FullName);
}
