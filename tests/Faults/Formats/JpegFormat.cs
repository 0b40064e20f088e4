using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Jpeg;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Jpeg;
using SkiaSharp;

namespace MLNetExtensions.Faults.Formats;

/// <summary>
/// JPEG files, against Skia: both refuse, or both decode to the same pixels, as a whole, as a part, and to a canvas of the image's size. What
/// the own decoder reads and writes lies beside pages that cannot be touched.
/// </summary>
internal sealed class JpegFormat : IFuzzFormat
{
    /// <summary>The largest difference of a value that is none.</summary>
    private const int Tolerance = 2;

    private readonly PixelDecoder _whole = new();
    private readonly RegionDecoder _parts = new();
    private readonly JpegRegionDecoder _own = new();
    private readonly ImageDecoder _small = new(new ImagePreprocessing { Width = 16, Height = 16 }, SkiaImage.MaxPixels, upright: false);
    private readonly GuardedMemory _file = new(1 << 20);
    private readonly GuardedMemory _pixels = new(4 * SkiaImage.MaxPixels);

    public string Name => "jpeg";

    public string Extension => ".jpg";

    public string Figure => "jpeg-differences";

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } = FuzzCorpus.Read("jpeg", "*.jpg");

    public byte[] Mutate(byte[] input, Random random) => JpegMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        Span<byte> file = _file.Take(input.Bytes.Length);
        input.Bytes.CopyTo(file);
        SkiaImage expected = SkiaImage.Decode(file);
        if (expected.IsTooLarge)
            return;
        bool isWhole = Whole(file, ref expected);
        if (isWhole != (expected.Result == SKCodecResult.Success))
            throw new FuzzFindingException($"{(isWhole ? "accepted" : "refused")}, Skia says {expected.Result}");
        if (expected.Result is null)
            return;
        var random = new Random(input.Bytes.Length);
        for (int i = 0; i < 3; i++)
            Part(file, expected, Rectangle(expected, random), reduction: i == 2 ? 2 : 1);
        Canvas(file, expected);
        SmallCanvas(file, expected);
    }

    private unsafe bool Whole(ReadOnlySpan<byte> file, ref SkiaImage expected)
    {
        ReadOnlySpan<byte> pixels;
        fixed (byte* bytes = file)
        {
            try
            {
                using SKData data = SKData.Create((nint)bytes, file.Length);
                using SKCodec codec = PixelDecoder.Open(data, SkiaImage.MaxPixels, row: -1, path: null);
                pixels = _whole.Decode(codec, file, row: -1, path: null, out _, upright: false);
            }
            catch (InvalidImageException)
            {
                return false;
            }
        }
        // The one thing that is accepted though Skia refuses it: nothing but the end is missing.
        if (_whole.IsUnended)
            expected = SkiaImage.Decode([.. file[^1] == 0xFF ? file[..^1] : file, 0xFF, 0xD9]);
        if (expected.Result == SKCodecResult.Success && expected.Difference(pixels) > Tolerance)
            throw new FuzzFindingException("other pixels");
        // Once more, where writes outside are seen.
        Span<byte> target = _pixels.Take(4 * expected.Width * expected.Height);
        var whole = new SKRectI(0, 0, expected.Width, expected.Height);
        if (_own.TryDecode(file, whole, expected.Width, expected.Height, target) && expected.Difference(target) > Tolerance)
            throw new FuzzFindingException("other pixels of the own decoder");
        return true;
    }

    private unsafe void Part(ReadOnlySpan<byte> file, SkiaImage expected, SKRectI wanted, int reduction)
    {
        bool isWhole = expected.Result == SKCodecResult.Success;
        fixed (byte* bytes = file)
        {
            try
            {
                using SKData data = SKData.Create((nint)bytes, file.Length);
                using SKCodec codec = PixelDecoder.Open(data, SkiaImage.MaxPixels, row: -1, path: null);
                ReadOnlySpan<byte> planes = _parts.Decode(file, codec, wanted, reduction, row: -1, path: null, out DecodedRegion region);
                if (!isWhole)
                    throw new FuzzFindingException($"a part at 1/{reduction} is accepted, the whole is not");
                bool isTurned = !ExifOrientation.IsUpright(ExifOrientation.Of(codec, file));
                if (reduction == 1 && !isTurned && expected.Difference(planes, region.Window, wanted) > Tolerance)
                    throw new FuzzFindingException("other pixels of a part");
            }
            catch (InvalidImageException) when (!isWhole) { }
            catch (InvalidImageException)
            {
                throw new FuzzFindingException($"a part at 1/{reduction} is refused, the whole is not");
            }
        }
    }

    private static void Canvas(ReadOnlySpan<byte> file, SkiaImage expected)
    {
        if (expected.Width > 128 || expected.Height > 128)
            return;
        bool isWhole = expected.Result == SKCodecResult.Success;
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = expected.Width,
                Height = expected.Height,
                ResizeMode = ImageResizeMode.Stretch,
            },
            SkiaImage.MaxPixels,
            upright: false
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        try
        {
            decoder.DecodeBytes(file, planes);
        }
        catch (InvalidImageException)
        {
            if (!isWhole)
                return;
            throw new FuzzFindingException("a canvas is refused, the whole is not");
        }
        var whole = new SKRectI(0, 0, expected.Width, expected.Height);
        if (!isWhole)
            throw new FuzzFindingException("a canvas is accepted, the whole is not");
        if (expected.Difference(planes, whole, whole) > Tolerance)
            throw new FuzzFindingException("other pixels of a canvas");
    }

    /// <summary>A canvas that shows a part of the image: only that part is decoded.</summary>
    private void SmallCanvas(ReadOnlySpan<byte> file, SkiaImage expected)
    {
        bool isWhole = expected.Result == SKCodecResult.Success;
        byte[] planes = new byte[_small.CanvasBytes],
            drawn = new byte[_small.CanvasBytes];
        try
        {
            _small.DecodeBytes(file, planes);
        }
        catch (InvalidImageException)
        {
            if (!isWhole)
                return;
            throw new FuzzFindingException("a small canvas is refused, the whole is not");
        }
        if (!isWhole)
            throw new FuzzFindingException("a small canvas is accepted, the whole is not");
        _small.Resize(expected.Pixels, new ImageSize(expected.Width, expected.Height), isBgra: true, drawn);
        for (int i = 0; i < drawn.Length; i++)
            if (Math.Abs(drawn[i] - planes[i]) > Tolerance)
                throw new FuzzFindingException("other pixels of a small canvas");
    }

    private static SKRectI Rectangle(SkiaImage image, Random random)
    {
        (int left, int top) = (random.Next(image.Width), random.Next(image.Height));
        return new SKRectI(left, top, left + 1 + random.Next(image.Width - left), top + 1 + random.Next(image.Height - top));
    }
}
