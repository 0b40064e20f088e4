using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>
/// A trained object detector. Adds the labels, boxes and scores of the objects that it finds, best first. <c>ml.Vision().ReportDetection</c>
/// measures it. Its model's output is Float [batch, 4 + classes, anchors], as YOLOv8 has it: center, width and height of boxes in the network's
/// pixels, and the classes' scores.
/// </summary>
/// <inheritdoc cref="DenseTransformer"/>
public sealed class TrainDetectorTransformer : DenseTransformer
{
    private readonly TrainDetectorOptions _options;

    internal TrainDetectorTransformer(
        MLContext context,
        TrainDetectorOptions options,
        DataViewSchema schema,
        OnnxGraph model,
        IReadOnlyList<string> classes,
        TrainingResult result
    )
        : base(context, options, schema, model, classes, result, Decoding(options, classes)) => _options = options;

    /// <summary>
    /// Creates the same transformer with another model inside, such as <see cref="DenseTransformer.Model"/> quantized: it scores and saves that
    /// model. This one is not changed; dispose both.
    /// </summary>
    /// <param name="model">A model with the same input and output.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its input or output differs.</exception>
    public TrainDetectorTransformer WithModel(OnnxGraph model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TrainDetectorTransformer(Context, _options, Schema, model, Classes, Result);
    }

    private static YoloDecoding Decoding(TrainDetectorOptions options, IReadOnlyList<string> classes) =>
        new()
        {
            Layout = YoloLayout.ValuesFirst,
            Labels = classes,
            ScoreThreshold = options.ScoreThreshold,
            IouThreshold = options.IouThreshold,
            MaxDetections = options.MaxDetections,
            BoundingBoxesColumnName = options.PredictedBoundingBoxesColumnName,
            ScoreColumnName = options.ScoreColumnName,
            PredictedLabelColumnName = options.PredictedLabelColumnName,
        };
}
