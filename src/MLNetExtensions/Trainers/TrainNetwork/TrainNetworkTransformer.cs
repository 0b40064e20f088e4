using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Trainers.TrainNetwork;

/// <summary>
/// A network that was trained from scratch. Adds the score and, except for regression, the predicted label. Works with Evaluate,
/// CrossValidate, PredictionEngine and MapKeyToValue. PermutationFeatureImportance
/// permutes the slots of a vector column: for pixels, as ExtractPixels makes them, it gives a figure for each value; for MLImages, paths
/// and bytes, which have no slots, it gives no entries. <inheritdoc/>
/// </summary>
/// <inheritdoc cref="ImageTransformer"/>
public sealed class TrainNetworkTransformer : TrainedImageTransformer
{
    internal TrainNetworkTransformer(MLContext context, TrainedNetwork trained, ImageColumn image, string scoreColumn)
        : base(context, trained, image, scoreColumn) { }

    private TrainNetworkTransformer(TrainNetworkTransformer other, OnnxGraph model)
        : base(other, model) { }

    /// <inheritdoc/>
    public override TrainNetworkTransformer WithModel(OnnxGraph model) => new(this, model);
}
