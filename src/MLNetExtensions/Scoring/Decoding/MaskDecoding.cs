using MLNetExtensions.Data.Schema;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes the mask of a segmentation network: one output, UInt8 [batch, height, width], the index of each pixel's class. The column holds a
/// mask of the image's own size, without the borders that a network's shape asks for: a vector of Byte, row after row.
/// </summary>
public sealed record MaskDecoding : OnnxDecoding
{
    /// <summary>The output.</summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Output { get; init; }

    /// <summary>The names of the classes, by index. They become key values of the column, for reports.</summary>
    /// <value>The default is null: none.</value>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The column's name.</summary>
    /// <value>The default is <c>PredictedMask</c>.</value>
    public string MaskColumnName { get; init; } = DefaultColumnNames.PredictedMask;

    internal override IReadOnlyList<string?> OutputNames => [Output];

    internal override OutputDecoder Open(OnnxSession session) => new MaskDecoder(this, Output ?? session.OutputSpecs[0].Name);
}
