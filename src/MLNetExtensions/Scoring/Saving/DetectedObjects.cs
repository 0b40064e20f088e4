using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The objects of an image.</summary>
internal sealed class DetectedObjects
{
    public const string BoxesColumnName = "mlnetx.Detection.Boxes",
        ScoresColumnName = "mlnetx.Detection.Scores",
        ClassesColumnName = "mlnetx.Detection.Classes",
        NamesColumnName = "mlnetx.Detection.Names";

    [ColumnName(BoxesColumnName)]
    public VBuffer<float> Boxes { get; set; }

    [ColumnName(ScoresColumnName)]
    public VBuffer<float> Scores { get; set; }

    /// <summary>The number of each one's class, from 0.</summary>
    [ColumnName(ClassesColumnName)]
    public VBuffer<uint> Classes { get; set; }
}
