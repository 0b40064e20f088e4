using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>
/// A trained segmentation network. Adds the mask of each image: a vector of Byte, the index of each pixel's class, row after row, in the image's
/// own size. Its model's output is UInt8 [batch, height, width], in the network's pixels.
/// </summary>
/// <inheritdoc cref="DenseTransformer"/>
public sealed class TrainSegmenterTransformer : DenseTransformer
{
    private readonly TrainSegmenterOptions _options;

    internal TrainSegmenterTransformer(
        MLContext context,
        TrainSegmenterOptions options,
        DataViewSchema schema,
        OnnxGraph model,
        IReadOnlyList<string> classes,
        TrainingResult result
    )
        : base(
            context,
            options,
            schema,
            model,
            classes,
            result,
            new MaskDecoding { Labels = classes, MaskColumnName = options.PredictedLabelColumnName }
        ) => _options = options;

    /// <summary>
    /// Creates the same transformer with another model inside, such as <see cref="DenseTransformer.Model"/> quantized: it scores and saves that
    /// model. This one is not changed; dispose both.
    /// </summary>
    /// <param name="model">A model with the same input and output.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its input or output differs.</exception>
    public TrainSegmenterTransformer WithModel(OnnxGraph model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TrainSegmenterTransformer(Context, _options, Schema, model, Classes, Result);
    }
}
