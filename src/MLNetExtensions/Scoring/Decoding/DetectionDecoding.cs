using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes objects. Adds <see cref="BoundingBoxesColumnName"/> (vector of Single: left, top, right, bottom of each object, in pixels of the original image, upright),
/// <see cref="ScoreColumnName"/> (vector of Single) and <see cref="PredictedLabelColumnName"/> (vector of keys), best first, like ML.NET's own object detection. Overlapping
/// boxes of one class are suppressed. A saved model with such a step needs this library where it is loaded.
/// </summary>
public abstract record DetectionDecoding : OnnxDecoding
{
    private protected DetectionDecoding()
    {
    }

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
    public string BoundingBoxesColumnName { get; init; } = "PredictedBoundingBoxes";

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

/// <summary>The layout of a YOLO network's boxes. Mask coefficients and key points after the classes are ignored.</summary>
public enum YoloLayout
{
    /// <summary>Detected from the shape, the size of the images, the number of labels, and the metadata of Ultralytics' exports.</summary>
    Auto,
    /// <summary>[boxes, 5 + classes]: center x and y, width, height, objectness, a score for each class (YOLOv5, v7).</summary>
    BoxesFirst,
    /// <summary>[4 + classes, boxes]: center x and y, width, height, a score for each class (YOLOv8, v9, v11, v12).</summary>
    ValuesFirst,
    /// <summary>[boxes, 4 + classes]: as <see cref="ValuesFirst"/>, transposed.</summary>
    BoxesFirstWithoutObjectness,
    /// <summary>[boxes, 6]: left, top, right, bottom, score, class, with nothing left to suppress (YOLOv10, YOLO26, exports with <c>nms=True</c>).</summary>
    EndToEnd,
}

/// <summary>Decodes the objects of YOLO networks: one output, boxes in pixels of the network's input. <inheritdoc/></summary>
public sealed record YoloDecoding : DetectionDecoding
{
    /// <summary>The output.</summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Output { get; init; }

    /// <summary>The layout of the output.</summary>
    /// <value>The default is <see cref="YoloLayout.Auto"/>.</value>
    public YoloLayout Layout { get; init; }

    internal override IReadOnlyList<string?> OutputNames => [Output];

    internal override OutputDecoder Open(OnnxSession session)
    {
        Validate();
        string output = Output ?? session.OutputSpecs[0].Name;
        IReadOnlyList<string>? names = LabelList.Find(Labels, LabelsFile, session.Metadata, session.Source.Name);
        return new YoloDecoder(this, output, names, YoloExport.Of(session, output, names?.Count));
    }
}

/// <summary>
/// Decodes the objects of SSD networks: boxes [boxes, 4] of 0 to 1, and scores: [boxes, classes] with the background as first class, or [boxes] together with the classes' numbers. <inheritdoc/>
/// </summary>
public sealed record SsdDecoding : DetectionDecoding
{
    /// <summary>The output with the boxes.</summary>
    public required string BoxesOutput { get; init; }

    /// <summary>The output with the scores.</summary>
    public required string ScoresOutput { get; init; }

    /// <summary>The output with the classes' numbers, Single, if the network has already chosen them.</summary>
    /// <value>The default is null: there are scores for all classes.</value>
    public string? ClassesOutput { get; init; }

    /// <summary>The number of the first class in <see cref="ClassesOutput"/>; TensorFlow's models count from 1.</summary>
    /// <value>The default is 1.</value>
    public int FirstClass { get; init; } = 1;

    /// <summary>True if a box is top, left, bottom, right (TensorFlow's order); false if it is left, top, right, bottom.</summary>
    /// <value>The default is true.</value>
    public bool TopFirst { get; init; } = true;

    internal override IReadOnlyList<string?> OutputNames => [BoxesOutput, ScoresOutput, ClassesOutput];

    internal override OutputDecoder Open(OnnxSession session)
    {
        Validate();
        return new SsdDecoder(this, LabelList.Find(Labels, LabelsFile, session.Metadata, session.Source.Name));
    }
}
