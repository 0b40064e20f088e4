using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Data;

/// <summary>The mapping that a saved model names: encoded bytes to an upright image.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class DecodeImageMapping : CustomMappingFactory<EncodedImageSource, LoadedImage>
{
    private const string ContractName = "MLNetExtensions.DecodeImage";

    public static CustomMappingEstimator<EncodedImageSource, LoadedImage> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<EncodedImageSource, LoadedImage>(new UprightImageLoader().Load, ContractName);

    public override Action<EncodedImageSource, LoadedImage> GetMapping() => new UprightImageLoader().Load;
}
