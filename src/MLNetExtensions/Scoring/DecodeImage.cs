using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using SkiaSharp;

namespace MLNetExtensions.Scoring;

/// <summary>
/// Decodes the bytes of image files, turned upright, as a step of a saved model. Loading such a model needs this assembly; ML.NET finds the
/// step by its contract name.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class DecodeImage : CustomMappingFactory<DecodeImage.Encoded, DecodeImage.Decoded>
{
    /// <summary>The column of bytes; a custom mapping has fixed column names.</summary>
    public const string InputColumn = "mlnetx.encoded";

    /// <summary>The column of images.</summary>
    public const string OutputColumn = "mlnetx.decoded";

    private const string Contract = "MLNetExtensions.DecodeImage";

    public static CustomMappingEstimator<Encoded, Decoded> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<Encoded, Decoded>(Decode, Contract);

    public override Action<Encoded, Decoded> GetMapping() => Decode;

    private static void Decode(Encoded input, Decoded output)
    {
        // ML.NET reuses the output object; the image of the row before is nobody else's.
        output.Image?.Dispose();
        output.Image = null;
        byte[] encoded = [.. input.Bytes.DenseValues()];
        using var data = SKData.CreateCopy(encoded);
        using SKCodec codec = SKCodec.Create(data)
            ?? throw new BadImageException(-1, null, $"its {encoded.Length} bytes are not a picture that can be decoded (JPEG, PNG, GIF, BMP and WebP are)");
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, alpha);
        var pixels = new uint[info.Width * info.Height];
        SKCodecResult result;
        unsafe
        {
            fixed (uint* address = pixels)
                result = codec.GetPixels(info, (nint)address);
        }
        if (result != SKCodecResult.Success)
            throw new BadImageException(-1, null, $"it is damaged or truncated ({result})");

        SKEncodedOrigin origin = codec.EncodedOrigin;
        if (origin is not (SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default))
        {
            var upright = new uint[pixels.Length];
            ExifOrientation.Apply(origin, pixels, info.Width, info.Height, upright);
            pixels = upright;
            if (ExifOrientation.SwapsSides(origin))
                info = info.WithSize(info.Height, info.Width);
        }
        output.Image = MLImage.CreateFromPixels(info.Width, info.Height, MLPixelFormat.Bgra32, MemoryMarshal.AsBytes<uint>(pixels));
    }

    internal sealed class Encoded
    {
        [ColumnName(InputColumn)]
        public VBuffer<byte> Bytes { get; set; }
    }

    internal sealed class Decoded
    {
        [ColumnName(OutputColumn), AnySizeImageType]
        public MLImage? Image { get; set; }
    }

    /// <summary>ImageTypeAttribute without a size cannot be registered: it asks for a positive height.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    private sealed class AnySizeImageTypeAttribute : DataViewTypeAttribute
    {
        public override bool Equals(DataViewTypeAttribute? other) => other is AnySizeImageTypeAttribute;

        public override int GetHashCode() => typeof(AnySizeImageTypeAttribute).GetHashCode();

        public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);
    }
}
