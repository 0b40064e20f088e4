using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mask of an image.</summary>
internal sealed class ImageMask
{
    public const string ColumnName = "mlnetx.Mask";

    /// <summary>The class of each pixel, row after row.</summary>
    [ColumnName(ColumnName)]
    public VBuffer<byte> Mask { get; set; }
}
