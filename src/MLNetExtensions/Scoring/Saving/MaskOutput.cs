using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>A segmentation network's mask of an image.</summary>
internal sealed class MaskOutput
{
    public const string MaskColumnName = "mlnetx.Mask.Output",
        RuleColumnName = "mlnetx.Mask.Rule";

    [ColumnName(MaskColumnName)]
    public VBuffer<byte> Mask { get; set; }

    /// <summary>The numbers of a <see cref="Decoding.MaskRule"/>.</summary>
    [ColumnName(RuleColumnName)]
    public VBuffer<float> Rule { get; set; }

    /// <summary>The image's width and height; of another length where they are not known.</summary>
    [ColumnName(MeasuredImage.ColumnName)]
    public VBuffer<float> Size { get; set; }
}
