using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that a saved model names: an image to its size.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class ImageSizeMapping : CustomMappingFactory<LoadedImage, MeasuredImage>
{
    private const string ContractName = "MLNetExtensions.ImageSize";

    public static CustomMappingEstimator<LoadedImage, MeasuredImage> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<LoadedImage, MeasuredImage>(Map, ContractName);

    /// <summary>Measures an image.</summary>
    public static void Map(LoadedImage source, MeasuredImage target) => target.Size = [source.Image?.Width ?? 0, source.Image?.Height ?? 0];

    public override Action<LoadedImage, MeasuredImage> GetMapping() => Map;
}
