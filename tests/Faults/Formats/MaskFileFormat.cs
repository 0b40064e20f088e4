using System.Buffers.Binary;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Masks;
using SkiaSharp;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Masks: PNG and BMP files of class indices, or of colors.</summary>
internal sealed class MaskFileFormat : IFuzzFormat
{
    private const int Width = 21,
        Height = 13;

    private static readonly MaskFormat Indices = new() { ClassCount = 3 },
        Colors =
            new()
            {
                ClassCount = 2,
                Colors = new Dictionary<uint, byte> { [0x000000] = 0, [0x804000] = 1 },
            };

    private readonly MaskReader _indices = new(Indices),
        _colors = new(Colors);

    public string Name => "mask";

    public string Extension => ".mask";

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[] { 1, 2, 4, 8 }.SelectMany(depth => new[] { Png(depth, 0, 0), Png(depth, 3, 1) }),
        .. new[] { 1, 4, 8 }.Select(Bitmap),
        Png(8, 2, 0),
        Png(8, 6, 1),
        ColorPng(),
    ];

    public byte[] Mutate(byte[] input, Random random) =>
        random.Next(4) == 0 || input.Length < 32 ? ByteMutation.Mutate(input, random)
        : input is [0x89, (byte)'P', ..] ? PngMutation.Mutate(input, random)
        : random.Next(3) == 0 ? SizeMutation.Mutate(input, random)
        : Header(input, random);

    public void Execute(FuzzInput input)
    {
        // Readers keep their buffers, as they do for the masks of a set.
        input.Try("indices", () => _indices.Read(new EncodedMask(input.File, default), 3, out _));
        input.Try("colors", () => _colors.Read(new EncodedMask(null, input.Bytes), 3, out _));
    }

    /// <summary>Puts a number into the header of a BMP file.</summary>
    private static byte[] Header(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        int[] places = [10, 14, 18, 22, 28, 30, 46];
        BinaryPrimitives.WriteInt32LittleEndian(
            changed.AsSpan(Math.Min(places[random.Next(places.Length)], changed.Length - 4)),
            unchecked((int)ByteMutation.Number(random))
        );
        return changed;
    }

    private static byte[] Png(int depth, int colorType, byte interlacing)
    {
        byte[] header = [0, 0, 0, Width, 0, 0, 0, Height, (byte)depth, (byte)colorType, 0, 0, interlacing];
        int samples = colorType switch
        {
            2 => 3,
            6 => 4,
            _ => 1,
        };
        // Adam7 has rows of its own in each pass; zeros are right for all of them, and some more at the end do no harm.
        byte[] rows = new byte[interlacing == 0 ? Height * (1 + RowBytes(Width * samples * depth)) : 4 * Height * (1 + (Width * samples))];
        for (int y = 0; interlacing == 0 && y < Height; y++)
            rows[y * rows.Length / Height] = (byte)(y % 5);
        return
        [
            0x89,
            .. "PNG\r\n\x1a\n"u8,
            .. PngMutation.Chunk("IHDR", header),
            .. colorType == 3 ? PngMutation.Chunk("PLTE", [0, 0, 0, 128, 64, 0]) : [],
            .. PngMutation.Chunk("IDAT", PngMutation.Pack(rows)),
            .. PngMutation.Chunk("IEND", []),
        ];
    }

    private static int RowBytes(int bits) => (bits + 7) / 8;

    private static byte[] Bitmap(int bits)
    {
        const int Head = 54;
        int palette = 4 << bits,
            row = ((Width * bits) + 31) / 32 * 4;
        byte[] file = new byte[Head + palette + (row * Height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), Head + palette);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), Height);
        file[26] = 1;
        file[28] = (byte)bits;
        file[^1] = 1;
        return file;
    }

    private static byte[] ColorPng()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(0x80, 0x40, 0));
        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
    }
}
