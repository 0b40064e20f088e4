using System.Collections.Concurrent;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Data;

/// <summary>Makes upright <see cref="MLImage"/>s. Thread-safe.</summary>
internal sealed unsafe class UprightImageLoader
{
    private readonly ConcurrentBag<PixelDecoder> _decoders = [];

    public void Load(ImagePathSource source, LoadedImage target)
    {
        target.Clear();
        if (source.Path.IsEmpty)
            throw new InvalidImageException(-1, null, "its path is empty");
        string path = source.Path.ToString();
        PixelDecoder decoder = Rent();
        target.Image = Decode(decoder, decoder.ReadFile(path, row: -1), path);
        target.Image.Tag = path; // as ML.NET's LoadImages does
        _decoders.Add(decoder);
    }

    public void Load(EncodedImageSource source, LoadedImage target)
    {
        target.Clear();
        PixelDecoder decoder = Rent();
        target.Image = Decode(decoder, source.Encoded.IsDense ? source.Encoded.GetValues() : [.. source.Encoded.DenseValues()], path: null);
        _decoders.Add(decoder);
    }

    private PixelDecoder Rent() => _decoders.TryTake(out PixelDecoder? decoder) ? decoder : new PixelDecoder();

    private static MLImage Decode(PixelDecoder decoder, ReadOnlySpan<byte> encoded, string? path)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, PixelDecoder.DefaultMaxPixels, row: -1, path);
            ReadOnlySpan<byte> pixels = decoder.Decode(codec, encoded, row: -1, path, out SKImageInfo info);
            var image = MLImage.CreateFromPixels(info.Width, info.Height, MLPixelFormat.Bgra32, pixels);
            if (pixels.Length > PixelDecoder.LargeBytes)
                decoder.DropBuffers();
            return image;
        }
    }
}
