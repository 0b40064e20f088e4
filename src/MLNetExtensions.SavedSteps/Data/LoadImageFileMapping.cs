using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Data;

/// <summary>The mapping that a saved model names: a path to an upright image.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class LoadImageFileMapping : CustomMappingFactory<ImagePathSource, LoadedImage>
{
    private const string ContractName = "MLNetExtensions.LoadImageFile";

    public static CustomMappingEstimator<ImagePathSource, LoadedImage> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<ImagePathSource, LoadedImage>(new UprightImageLoader().Load, ContractName);

    public override Action<ImagePathSource, LoadedImage> GetMapping() => new UprightImageLoader().Load;
}
