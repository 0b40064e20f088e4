using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The size of an image: width and height; zeros where there is none.</summary>
internal sealed class MeasuredImage
{
    public const string ColumnName = "mlnetx.ImageSize";

    [ColumnName(ColumnName)]
    [VectorType(2)]
    public float[] Size { get; set; } = [];
}
