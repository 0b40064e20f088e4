using Microsoft.ML.Transforms;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that models name which were saved before <see cref="ImageSizeMapping"/> was: an image to its size.</summary>
[CustomMappingFactoryAttribute("MLNetExtensions.MeasureImage")]
internal sealed class MeasureImageMapping : CustomMappingFactory<LoadedImage, MeasuredImage>
{
    public override Action<LoadedImage, MeasuredImage> GetMapping() => ImageSizeMapping.Map;
}
