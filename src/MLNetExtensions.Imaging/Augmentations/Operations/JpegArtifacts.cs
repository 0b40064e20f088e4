using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Compresses the image as JPEG and decodes it again.</summary>
public sealed record JpegArtifacts : Augmentation, IPixelOperation
{
    /// <summary>The worst quality, 1 to 100.</summary>
    /// <value>The default is 40.</value>
    public int MinQuality { get; init; } = 40;

    /// <summary>The best quality, 1 to 100.</summary>
    /// <value>The default is 90.</value>
    public int MaxQuality { get; init; } = 90;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinQuality, 1, 100);
        checks.InRange(MaxQuality, 1, 100);
        checks.Ordered(MinQuality, MaxQuality);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Between(MinQuality, MaxQuality));

    unsafe void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Span<byte> packed = image.Scratch.Reserve(info.BytesSize);
        bool isGray = image.ColorChannels == 1;
        if (isGray)
            PlanarPixels.GrayToRgba(image.Pixels, packed);
        else
            PlanarPixels.ToRgba(image.Colors, packed);
        fixed (byte* address = packed)
        {
            using var pixmap = new SKPixmap(info, (nint)address, info.RowBytes);
            using SKData encoded = pixmap.Encode(
                new SKJpegEncoderOptions((int)values[0], SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)
            );
            using SKCodec codec = SKCodec.Create(encoded);
            codec.GetPixels(info, (nint)address);
        }
        if (isGray)
            PlanarPixels.ToGray(packed, isRgba: true, image.Pixels);
        else
            PlanarPixels.FromRgba(packed, image.Colors);
    }
}
