using Microsoft.ML;

namespace MLNetExtensions.Data.Inspection;

/// <summary>The options of <see cref="InspectionCatalog.Inspect(VisionOperationsCatalog, IDataView, InspectOptions)"/>.</summary>
public sealed record InspectOptions
{
    /// <summary>The column of images: paths (text), encoded images (a vector of Byte) or images.</summary>
    /// <value>The default is null: <c>Image</c>, or else <c>ImagePath</c>.</value>
    public string? ImageColumnName { get; init; }

    /// <summary>The label column: text, a key or a number.</summary>
    /// <value>The default is null: <c>Label</c> if it exists.</value>
    public string? LabelColumnName { get; init; }

    /// <summary>The folder that relative paths start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>True to look for duplicate and nearly duplicate images. The time grows with the square of the number of images.</summary>
    /// <value>The default is true.</value>
    public bool FindDuplicates { get; init; } = true;

    /// <summary>The number of decoding threads.</summary>
    /// <value>The default is the number of processors.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Cancels the inspection.</summary>
    /// <value>The default is no cancellation.</value>
    public CancellationToken Cancellation { get; init; }
}
