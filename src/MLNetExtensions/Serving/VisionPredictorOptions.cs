using System.Diagnostics.Metrics;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>Settings of a <see cref="VisionPredictor"/>. They are copied when the predictor is created.</summary>
public class VisionPredictorOptions
{
    /// <summary>The predictor's name in metrics and thread names.</summary>
    /// <value>The default is "default".</value>
    public string Name { get; set; } = "default";

    /// <summary>The largest batch: the number of images scored together.</summary>
    /// <value>The default is 16.</value>
    public int MaxBatchSize { get; set; } = 16;

    /// <summary>
    /// The longest time that a decoded image waits to be scored together with others. It does not wait if the predictor has no other
    /// request, or if a batch is full. Zero scores all decoded images as soon as a thread is free.
    /// </summary>
    /// <value>The default is 2 milliseconds; at most 1 minute.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The largest number of concurrent requests: waiting, being decoded or being scored.</summary>
    /// <value>The default is 1024.</value>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>The handling of requests when the queue is full.</summary>
    /// <value>The default is <see cref="QueueFullMode.Reject"/>.</value>
    public QueueFullMode WhenFull { get; set; } = QueueFullMode.Reject;

    /// <summary>
    /// The settings with which ONNX Runtime runs the model. Its <see cref="OnnxSessionSettings.Threads"/> is also the number of the
    /// predictor's own threads; each decodes or scores, whichever is next.
    /// </summary>
    /// <value>The default is one thread per processor.</value>
    public OnnxSessionSettings SessionSettings { get; set; } = new();

    /// <summary>The largest size of an encoded image, in bytes; larger ones are refused.</summary>
    /// <value>The default is 32 MB.</value>
    public int MaxEncodedBytes { get; set; } = 32 << 20;

    /// <summary>
    /// The largest number of pixels of an image; larger ones are refused by their header, before decoding. A decoded pixel takes 4 bytes.
    /// </summary>
    /// <value>The default is 100 million.</value>
    public long MaxPixels { get; set; } = ImageDecoder.DefaultMaxPixels;

    /// <summary>
    /// The interval of checks whether the model file has changed, for a predictor made from a file. A changed file is loaded once two
    /// checks find it the same, and takes over as with <see cref="VisionPredictor.UpdateModelAsync(string, CancellationToken)"/>; one that
    /// cannot be loaded is reported, and the old model is kept. Write the new file beside the old one and rename it.
    /// </summary>
    /// <value>The default is null: the file is not checked.</value>
    public TimeSpan? ReloadInterval { get; set; }

    /// <summary>Called for each changed model file with its result: in use, or an error. Runs on a thread of the pool. What it
    /// throws is logged, and the file is watched on.</summary>
    /// <value>The default is null: nothing is called; the log says it.</value>
    public Action<ModelReload>? OnReload { get; set; }

    /// <summary>The factory of the meter, in an application that has one.</summary>
    /// <value>The default is null: a meter of the predictor's own, named <see cref="VisionPredictor.MeterName"/>.</value>
    public IMeterFactory? MeterFactory { get; set; }

    internal int ThreadsInUse => SessionSettings.Threads ?? Environment.ProcessorCount;

    internal VisionPredictorOptions Clone()
    {
        var clone = (VisionPredictorOptions)MemberwiseClone();
        clone.SessionSettings = SessionSettings?.Clone()!;
        return clone;
    }

    /// <summary>Throws if settings are out of range; the message lists all problems.</summary>
    /// <exception cref="ArgumentException">A setting is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public void Validate()
    {
        var problems = new OptionProblems();
        Check(problems);
        problems.Throw();
    }

    /// <summary>Records problems with the settings.</summary>
    internal virtual void Check(OptionProblems problems)
    {
        problems.Require(!string.IsNullOrEmpty(Name), nameof(Name), "It tells predictors apart in metrics.");
        problems.Check(MaxBatchSize > 0, nameof(MaxBatchSize), MaxBatchSize, "positive");
        problems.Check(MaxDelay >= TimeSpan.Zero && MaxDelay <= TimeSpan.FromMinutes(1), nameof(MaxDelay), MaxDelay, "from 0 to 1 minute");
        problems.Check(QueueCapacity > 0, nameof(QueueCapacity), QueueCapacity, "positive");
        problems.Check(Enum.IsDefined(WhenFull), nameof(WhenFull), WhenFull, "Reject or Wait");
        problems.Require(SessionSettings is not null, nameof(SessionSettings), "Leave it as it is for the defaults.");
        problems.Check(
            SessionSettings?.Threads is null or > 0,
            $"{nameof(SessionSettings)}.{nameof(SessionSettings.Threads)}",
            SessionSettings?.Threads,
            "positive, or null for the number of processors"
        );
        problems.Check(MaxEncodedBytes > 0, nameof(MaxEncodedBytes), MaxEncodedBytes, "positive");
        problems.Check(MaxPixels > 0, nameof(MaxPixels), MaxPixels, "positive");
        problems.Check(
            ReloadInterval is null || ReloadInterval >= TimeSpan.FromMilliseconds(1) && ReloadInterval <= TimeSpan.FromDays(1),
            nameof(ReloadInterval),
            ReloadInterval,
            "from 1 millisecond to 1 day, or null"
        );
    }
}
