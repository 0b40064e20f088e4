using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Faults.Formats;

/// <summary>
/// Image files of the other kinds: PNG (animated and with EXIF and ICC data too), GIF, WebP, BMP, ICO; through each way of reading. A part of the damage makes
/// images of gigapixels of them.
/// </summary>
internal sealed class ImageFormat : IFuzzFormat
{
    private readonly RegionDecoder _parts = new();

    public string Name => "image";

    public string Extension => ".img";

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } = Files();

    public byte[] Mutate(byte[] input, Random random) =>
        random.Next(3) > 0 || input.Length < 32 ? ByteMutation.Mutate(input, random)
        : input is [0x89, (byte)'P', ..] ? PngMutation.Mutate(input, random)
        : SizeMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        // One way for each, as each may cost what an input may cost.
        ImageResizeMode[] modes = Enum.GetValues<ImageResizeMode>();
        int way = (int)(Crc32.HashToUInt32(input.Bytes) % (uint)(modes.Length + 3));
        if (way < modes.Length)
            Canvas(input.File, modes[way]);
        else if (way == modes.Length)
            RasterImage.Decode(input.Bytes);
        else if (way == modes.Length + 1)
            RasterImage.Decode(input.Bytes, channels: 4);
        else
            Part(input.Bytes);
    }

    private static void Canvas(string file, ImageResizeMode mode)
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 24,
            Height = 20,
            ResizeMode = mode,
            Interpolation = mode == ImageResizeMode.Pad ? ImageInterpolation.Bicubic : ImageInterpolation.Standard,
        };
        using var decoder = new ImageDecoder(preprocessing);
        decoder.DecodeFile(file, new byte[decoder.CanvasBytes]);
    }

    private unsafe void Part(byte[] file)
    {
        fixed (byte* bytes = file)
        {
            using SKData data = SKData.Create((nint)bytes, file.Length);
            using SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, row: -1, path: null);
            var wanted = new SKRectI(codec.Info.Width / 4, 0, codec.Info.Width, codec.Info.Height / 2);
            _parts.Decode(file, codec, wanted, reduction: 2, row: -1, path: null, out _);
        }
    }

    private static IReadOnlyList<byte[]> Files()
    {
        List<byte[]> files = [.. new[] { "*.png", "*.gif", "*.webp", "*.bmp" }.SelectMany(pattern => FuzzCorpus.Read("image", pattern))];
        byte[] png = files.Find(f => f is [0x89, (byte)'P', ..])!;
        // An icon is a head around a PNG file; an animation has its number of frames in front of the pixels.
        files.Add([0, 0, 1, 0, 1, 0, 98, 74, 0, 0, 1, 0, 32, 0, .. BitConverter.GetBytes(png.Length), 22, 0, 0, 0, .. png]);
        files.Add([.. png[..33], .. PngMutation.Chunk("acTL", [0, 0, 0, 9, 0, 0, 0, 0]), .. png[33..]]);
        files.Add([
            .. png[..33],
            .. PngMutation.Chunk("eXIf", [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]),
            .. png[33..],
        ]);
        files.Add([.. png[..33], .. PngMutation.Chunk("iCCP", [.. "x\0\0"u8, 0x78, 0x9C, 3, 0, 0, 0, 0, 1]), .. png[33..]]);
        return files;
    }
}
