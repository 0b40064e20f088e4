using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes objects. Adds <see cref="BoundingBoxesColumnName"/> (vector of Single: left, top, right, bottom of each object, in pixels of the
/// original image, upright), <see cref="ScoreColumnName"/> (vector of Single) and <see cref="PredictedLabelColumnName"/> (vector of keys),
/// best first, like ML.NET's own object detection. Overlapping boxes of one class are suppressed. A saved model with such a step needs this
/// library where it is loaded.
/// </summary>
public abstract record DetectionDecoding : OnnxDecoding
{
    private protected DetectionDecoding() { }

    /// <summary>The smallest score of an object.</summary>
    /// <value>The default is 0.25.</value>
    public float ScoreThreshold { get; init; } = 0.25f;

    /// <summary>The overlap (intersection over union) above which the weaker of two boxes of a class is suppressed.</summary>
    /// <value>The default is 0.45.</value>
    public float IouThreshold { get; init; } = 0.45f;

    /// <summary>The largest number of objects per image.</summary>
    /// <value>The default is 300.</value>
    public int MaxDetections { get; init; } = 300;

    /// <summary>The names of the classes, in the order of the output.</summary>
    /// <value>The default is null: <see cref="LabelsFile"/>'s.</value>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>A file with the names of the classes: one per line, or a JSON array.</summary>
    /// <value>The default is null: the names in the model's metadata, or else numbers from 0.</value>
    public string? LabelsFile { get; init; }

    /// <summary>The column of boxes.</summary>
    /// <value>The default is <c>PredictedBoundingBoxes</c>.</value>
    public string BoundingBoxesColumnName { get; init; } = DefaultColumnNames.PredictedBoundingBoxes;

    /// <summary>The column of scores.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;

    /// <summary>The column of classes.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = DefaultColumnNames.PredictedLabel;

    private protected void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(ScoreThreshold is > 0 and < 1, nameof(ScoreThreshold), ScoreThreshold, "between 0 and 1");
        problems.Check(IouThreshold is > 0 and <= 1, nameof(IouThreshold), IouThreshold, "above 0 and at most 1");
        problems.Check(MaxDetections > 0, nameof(MaxDetections), MaxDetections, "at least 1");
        problems.Throw();
    }
}
