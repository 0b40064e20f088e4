using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Trainers.TrainNetwork;

/// <summary>
/// A network that was trained from its first weights on: adds the score and, but for numbers, the predicted label. Works with Evaluate,
/// CrossValidate, PredictionEngine and MapKeyToValue. PermutationFeatureImportance
/// permutes the slots of a vector column: of pixels, as ExtractPixels makes them, it tells a figure for each value; of MLImages, paths and bytes, which have none, it
/// gives no entries. <inheritdoc/>
/// </summary>
/// <inheritdoc cref="ImageTransformer"/>
public sealed class TrainNetworkTransformer : TrainedImageTransformer
{
    internal TrainNetworkTransformer(MLContext context, TrainedNetwork trained, ImageColumn image, string scoreColumn)
        : base(context, trained, image, scoreColumn)
    {
    }

    private TrainNetworkTransformer(TrainNetworkTransformer other, OnnxGraph model) : base(other, model)
    {
    }

    /// <inheritdoc/>
    public override TrainNetworkTransformer WithModel(OnnxGraph model) => new(this, model);
}
