using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression;

/// <summary>
/// Settings that all compression methods share: the rows that measure the model, and the columns of its inputs. They are copied at the
/// call.
/// </summary>
/// <remarks>
/// A model with one input of images, Float[batch, channels, height, width], [batch, height, width, channels] or [batch, height, width],
/// whose <see cref="Preprocessing"/> is known reads the image column. Any other model reads for each of its inputs a column of that name:
/// Single, or a vector of Single with the input's values in C order.
/// </remarks>
public abstract class CompressionOptions
{
    private protected CompressionOptions() { }

    /// <summary>The labeled rows that measure the model before and after; they must not be used for calibration or training.</summary>
    /// <value>The default is null: the report has no accuracy.</value>
    public IDataView? EvaluationSet { get; set; }

    /// <summary>The label column, a key: its class is compared with the largest value of the model's first float output.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>
    /// The image column: an MLImage, the path of a file (text), the bytes of a file (vector of Byte), or pixels (vector of Single, as
    /// ExtractPixels makes it).
    /// </summary>
    /// <value>The default is <c>Image</c>.</value>
    public string ImageColumnName { get; set; } = DefaultColumnNames.Image;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>The preprocessing that the model expects.</summary>
    /// <value>The default is null: that of the model's own metadata or its <see cref="Backbone"/>; without it the model's inputs are
    /// columns.</value>
    public ImagePreprocessing? Preprocessing { get; set; }

    /// <summary>
    /// Measures a model instead of the accuracy over <see cref="EvaluationSet"/>, for models that are not classifiers: a number that is
    /// larger for a better model, where a loss of 0.01 is one point.
    /// </summary>
    /// <value>The default is null.</value>
    public Func<OnnxGraph, double>? Measure { get; set; }

    /// <summary>The number of rows for which the time is measured; 0 measures none.</summary>
    /// <value>The default is 1.</value>
    public int LatencyBatchSize { get; set; } = 1;

    /// <summary>The number of unreadable images in a set to skip.</summary>
    /// <value>The default is 0: the first one is an error.</value>
    public int MaxInvalidImages { get; set; }

    /// <summary>The memory limit, in bytes, for images or inputs; more go to a temporary file.</summary>
    /// <value>The default is 1 GiB.</value>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The number of threads.</summary>
    /// <value>The default is null: the number of cores.</value>
    public int? Threads { get; set; }

    /// <summary>Cancels the work with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Records settings that are out of range or contradictory.</summary>
    private protected virtual void Check(OptionProblems problems)
    {
        problems.Check(LatencyBatchSize >= 0, nameof(LatencyBatchSize), LatencyBatchSize, "at least 0");
        problems.Check(MaxInvalidImages >= 0, nameof(MaxInvalidImages), MaxInvalidImages, "at least 0");
        problems.Check(MemoryBudget >= 0, nameof(MemoryBudget), MemoryBudget, "at least 0");
        problems.Check(Threads is null or >= 1, nameof(Threads), Threads, "at least 1");
        problems.Check(Measure is null || EvaluationSet is null, nameof(Measure), "given", "null where EvaluationSet is given");
    }

    /// <summary>A call's own copy of its caller's settings, or of the defaults.</summary>
    /// <exception cref="ArgumentException">Settings are missing, out of range or contradict each other; the message lists all
    /// problems.</exception>
    internal static T Copy<T>(T? options)
        where T : CompressionOptions, new()
    {
        var copy = (T)(options ?? new T()).Clone();
        var problems = new OptionProblems();
        copy.Check(problems);
        problems.Throw();
        return copy;
    }

    /// <summary>A copy, which the caller's later changes do not reach.</summary>
    internal virtual CompressionOptions Clone() => (CompressionOptions)MemberwiseClone();
}
