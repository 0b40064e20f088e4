using System.Text;

namespace MLNetExtensions.Compression;

/// <summary>The effect of compression on a model. Both models are measured in one run.</summary>
public sealed record CompressionReport
{
    /// <summary>A short description of the compression method.</summary>
    public required string Method { get; init; }

    /// <summary>The size of the ONNX file before, in bytes.</summary>
    public required long SizeBefore { get; init; }

    /// <summary>The size of the ONNX file after, in bytes.</summary>
    public required long SizeAfter { get; init; }

    /// <summary>The size of the file before, divided by its size after.</summary>
    public double SizeRatio => (double)SizeBefore / SizeAfter;

    /// <summary>The multiplications of one row in convolutions and matrix products before; null if they were not counted.</summary>
    public long? MacsBefore { get; init; }

    /// <summary>The multiplications of one row in convolutions and matrix products after; null if they were not counted.</summary>
    public long? MacsAfter { get; init; }

    /// <summary>
    /// The time of one row in ONNX Runtime before, in batches of <see cref="CompressionOptions.LatencyBatchSize"/>; null if it was not
    /// measured.
    /// </summary>
    public TimeSpan? LatencyBefore { get; init; }

    /// <summary>The time of one row in ONNX Runtime after; null if it was not measured.</summary>
    public TimeSpan? LatencyAfter { get; init; }

    /// <summary>The speedup: the median over turns that the two models took alternately; null if it was not measured.</summary>
    public double? Speedup { get; init; }

    /// <summary>
    /// The fraction of rows of the evaluation set that were classified correctly before, or the result of
    /// <see cref="CompressionOptions.Measure"/>; null without either.
    /// </summary>
    public double? AccuracyBefore { get; init; }

    /// <summary>The same after.</summary>
    public double? AccuracyAfter { get; init; }

    /// <summary>The accuracy lost: <see cref="AccuracyBefore"/> minus <see cref="AccuracyAfter"/>; 0.01 is one percentage point.</summary>
    public double? AccuracyLoss => AccuracyBefore - AccuracyAfter;

    /// <summary>
    /// The root mean square of the difference between the outputs after and before, over the evaluation rows or else the calibration rows,
    /// as a fraction of the outputs' root mean square; null without rows.
    /// </summary>
    public double? OutputError { get; init; }

    /// <summary>The layers that were compressed, by the name of their node.</summary>
    public IReadOnlyList<string> CompressedLayers { get; init; } = [];

    /// <summary>The layers that could have been compressed, but were not.</summary>
    public IReadOnlyList<string> KeptLayers { get; init; } = [];

    /// <summary>
    /// The processors that the model is for: on others its results are wrong. Null if any processor will do, as for floats.
    /// </summary>
    public string? Processors { get; init; }

    /// <summary>The warnings, which are not errors.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Formats the report as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Method).AppendLine();
        Line("size", $"{SizeBefore / 1024.0:F1} -> {SizeAfter / 1024.0:F1} KB ({SizeRatio:F2} times smaller)");
        if (MacsBefore is { } before && MacsAfter is { } after)
            Line("multiplications", $"{before / 1e6:F2} -> {after / 1e6:F2} million a row ({(double)after / before:P1})");
        if (Speedup is { } speedup)
            Line(
                "time a row",
                $"{LatencyBefore!.Value.TotalMilliseconds:F3} -> {LatencyAfter!.Value.TotalMilliseconds:F3} ms ({speedup:F2} times faster)"
            );
        if (AccuracyBefore is { } accuracy)
            Line("accuracy", $"{accuracy:P2} -> {AccuracyAfter:P2} ({-100 * AccuracyLoss:+0.00;-0.00;0.00} points)");
        if (OutputError is { } error)
            Line("output error", $"{error:P2}");
        if (CompressedLayers.Count + KeptLayers.Count > 0)
            Line(
                "layers",
                $"{CompressedLayers.Count} compressed, {KeptLayers.Count} "
                    + $"kept{(KeptLayers.Count > 0 ? $": {string.Join(", ", KeptLayers.Take(10))}{(KeptLayers.Count > 10 ? ", ..." : "")}" : "")}"
            );
        if (Processors is not null)
            Line("processors", Processors);
        foreach (string warning in Warnings)
            Line("warning", warning);
        return text.ToString();

        void Line(string name, string value) => text.Append("  ").Append(name.PadRight(16)).AppendLine(value);
    }
}
