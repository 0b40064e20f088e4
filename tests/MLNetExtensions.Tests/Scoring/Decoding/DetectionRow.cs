using Microsoft.ML.Data;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>The columns of found objects.</summary>
internal sealed class DetectionRow
{
    [ColumnName("PredictedBoundingBoxes")]
    public float[] Boxes { get; set; } = [];

    [ColumnName("Score")]
    public float[] Scores { get; set; } = [];

    [ColumnName("PredictedLabel")]
    public uint[] Labels { get; set; } = [];
}
