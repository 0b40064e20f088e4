using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// The mapping that models name which were saved before decodings were nodes of their graphs: a segmentation network's mask to that of the image.
/// </summary>
[CustomMappingFactoryAttribute("MLNetExtensions.Mask")]
internal sealed class MaskMapping : CustomMappingFactory<MaskOutput, ImageMask>
{
    public override Action<MaskOutput, ImageMask> GetMapping() => Map;

    private static void Map(MaskOutput source, ImageMask target)
    {
        ImageSize image =
            source.Size.Length == 2 ? new ImageSize((int)source.Size.GetItemOrDefault(0), (int)source.Size.GetItemOrDefault(1)) : default;
        var rule = MaskRule.FromNumbers([.. source.Rule.DenseValues()]);
        var mask = new byte[rule.CountOf(image)];
        rule.Restore(source.Mask.IsDense ? source.Mask.GetValues() : [.. source.Mask.DenseValues()], image, mask);
        target.Mask = new VBuffer<byte>(mask.Length, mask);
    }
}
