using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Masks;

public sealed class MaskReaderTests
{
    private static readonly MaskFormat AnyIndex = new() { ClassCount = 256 };

    public static TheoryData<string> Files() =>
        [.. Golden().GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pillows_files_are_read_as_the_indices_in_them(string name)
    {
        JsonElement file = Golden().GetProperty("files").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);

        byte[] plane = Read(AnyIndex, Bytes(file, "file"), out ImageSize size);

        Assert.Equal(new ImageSize(11, 5), size);
        Assert.Equal(Bytes(file, "indices"), plane);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Interlaced_files_and_every_filter_are_read(int depth)
    {
        byte[] plane = Plane(19, 13, 1 << depth);

        for (int filter = 0; filter <= 4; filter++)
        {
            Assert.Equal(plane, Read(AnyIndex, Png(plane, 19, 13, depth, colorType: 3, isInterlaced: true, filter), out _));
            Assert.Equal(plane, Read(AnyIndex, Png(plane, 19, 13, depth, colorType: 0, isInterlaced: false, filter), out _));
        }
    }

    [Fact]
    public void Interlaced_levels_are_those_that_Skia_reads()
    {
        byte[] plane = Plane(19, 13, 256),
            png = Png(plane, 19, 13, 8, colorType: 0, isInterlaced: true, filter: 4);
        using SKBitmap skia = SKBitmap.Decode(png);

        Assert.Equal(plane, skia.Pixels.Select(pixel => pixel.Red));
        Assert.Equal(plane, Read(AnyIndex, png, out _));
    }

    [Fact]
    public void Images_narrower_than_the_passes_are_read()
    {
        byte[] plane = [3, 1, 2];

        Assert.Equal(plane, Read(AnyIndex, Png(plane, 1, 3, 8, colorType: 0, isInterlaced: true, filter: 0), out _));
    }

    [Fact]
    public void Unknown_indices_are_named_with_the_pixel()
    {
        byte[] png = Png([0, 1, 2, 255, 1, 7], 3, 2, 8, colorType: 0);
        var format = new MaskFormat { ClassCount = 3 };

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => Read(format, png, out _));

        Assert.Contains("index 7 at x 2, y 1 is of no class. Expected 0 to 2, or 255 for pixels", error.Reason, StringComparison.Ordinal);
        error = Assert.Throws<InvalidImageException>(() => Read(format with { IgnoredIndex = null }, png, out _));
        Assert.Contains("index 255 at x 0, y 1 is of no class. Expected 0 to 2", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Colors_are_classes_where_asked()
    {
        using var bitmap = new SKBitmap(2, 2, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Pixels = [new SKColor(255, 0, 0), new SKColor(0, 0, 128), new SKColor(0, 0, 0), new SKColor(255, 0, 0)];
        var format = new MaskFormat
        {
            ClassCount = 2,
            Colors = new Dictionary<uint, byte>
            {
                [0xFF0000] = 1,
                [0x000080] = 0,
                [0] = 255,
            },
        };

        Assert.Equal([1, 0, 255, 1], Read(format, Encode(bitmap), out _));
        bitmap.SetPixel(1, 1, new SKColor(9, 8, 7));
        Assert.Contains(
            "color #090807 at x 1, y 1 is of no class. Expected one of #FF0000, #000080, #000000",
            Assert.Throws<InvalidImageException>(() => Read(format, Encode(bitmap), out _)).Reason,
            StringComparison.Ordinal
        );
        bitmap.SetPixel(0, 0, SKColors.Transparent);
        Assert.Contains(
            "the pixel at x 0, y 0 is not opaque",
            Assert.Throws<InvalidImageException>(() => Read(format, Encode(bitmap), out _)).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its pixels are colors, not indices",
            Assert.Throws<InvalidImageException>(() => Read(AnyIndex, Encode(bitmap), out _)).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_palettes_colors_are_classes_where_asked()
    {
        byte[] png = Png([0, 1, 1, 0], 2, 2, 8, colorType: 3);
        var format = new MaskFormat
        {
            ClassCount = 2,
            // The palette of Png has the colors (i, 2 i, 3 i) modulo 256.
            Colors = new Dictionary<uint, byte> { [0x000000] = 1, [0x010203] = 0 },
        };

        Assert.Equal([1, 0, 0, 1], Read(format, png, out _));
    }

    [Fact]
    public void The_size_must_be_the_images()
    {
        var mask = new EncodedMask(null, Png([0, 0, 0, 0, 0, 0], 3, 2, 8, colorType: 0));

        Assert.Equal(6, new MaskReader(AnyIndex).Read(mask, 4, new ImageSize(3, 2)).Length);
        InvalidImageException turned = Assert.Throws<InvalidImageException>(() =>
        {
            new MaskReader(AnyIndex).Read(mask, 4, new ImageSize(2, 3));
        });
        InvalidImageException other = Assert.Throws<InvalidImageException>(() =>
        {
            new MaskReader(AnyIndex).Read(mask, 4, new ImageSize(6, 4));
        });

        Assert.Equal(4, turned.Row);
        Assert.Contains("3 x 2 pixels, its image 2 x 3. The image may be turned by its EXIF", turned.Reason, StringComparison.Ordinal);
        Assert.Contains("3 x 2 pixels, its image 6 x 4. Expected as many", other.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_mask_is_refused()
    {
        byte[] png = Png(Plane(40, 40, 256), 40, 40, 8, colorType: 0);
        using var gray = new SKBitmap(4, 4);
        using SKData jpeg = gray.Encode(SKEncodedImageFormat.Jpeg, 90);

        Assert.Contains("masks are PNG or BMP files", Reason(jpeg.ToArray()), StringComparison.Ordinal);
        Assert.Contains("truncated", Reason(png[..(png.Length / 2)]), StringComparison.Ordinal);
        Assert.Contains("header is damaged", Reason(png[..20]), StringComparison.Ordinal);
        Assert.Contains("16 bits", Reason(Changed(png, 24, 16)), StringComparison.Ordinal);
        Assert.Contains(
            "its PNG data are corrupt",
            Reason(Changed(png, png.Length / 2, (byte)~png[png.Length / 2])),
            StringComparison.Ordinal
        );
        // A header that lies costs no memory.
        Assert.Contains("more than its", Reason(Changed(Changed(png, 18, 0x26), 22, 0x26)), StringComparison.Ordinal);
        Assert.Contains("more than the limit", Reason(Changed(Changed(png, 17, 1), 21, 1)), StringComparison.Ordinal);
        Assert.Contains(
            "the file does not exist",
            Assert
                .Throws<InvalidImageException>(() =>
                {
                    new MaskReader(AnyIndex).Read(new EncodedMask("/no/mask.png", default), 0, out _);
                })
                .Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Damaged_files_end_in_an_exception_that_names_the_mask()
    {
        JsonElement[] files = [.. Golden().GetProperty("files").EnumerateArray()];
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] file = Bytes(files[i % files.Length], "file");
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Read(AnyIndex, file[..random.Next(file.Length / 2, file.Length + 1)], out _);
            }
            catch (InvalidImageException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Theory]
    [InlineData(0xFF, 0xFF)]
    [InlineData(0x80, 0x80)]
    public void Sides_whose_product_is_beyond_numbers_are_refused(byte width, byte height)
    {
        byte[] png = Changed(Changed(Png([0, 1], 2, 1, 8, colorType: 0), 16, width), 20, height);

        Assert.Contains("more than the limit of 100000000", Reason(png), StringComparison.Ordinal);
    }

    private static string Reason(byte[] file) => Assert.Throws<InvalidImageException>(() => Read(AnyIndex, file, out _)).Reason;

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        byte[] changed = [.. file];
        changed[at] = value;
        return changed;
    }

    private static byte[] Read(MaskFormat format, byte[] file, out ImageSize size) =>
        new MaskReader(format).Read(new EncodedMask(null, file), row: 0, out size).ToArray();

    private static byte[] Plane(int width, int height, int levels)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.Next(levels))];
    }

    private static byte[] Encode(SKBitmap bitmap)
    {
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static JsonElement Golden() => JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("masks.json"))).RootElement;

    private static byte[] Bytes(JsonElement file, string name) => Convert.FromHexString(file.GetProperty(name).GetString()!);

    /// <summary>A PNG file of a plane, all rows with one filter.</summary>
    private static byte[] Png(byte[] plane, int width, int height, int depth, int colorType, bool isInterlaced = false, int filter = 0)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)(isInterlaced ? 1 : 0));
        Chunk(png, "IHDR", header);
        if (colorType == 3)
            Chunk(png, "PLTE", [.. Enumerable.Range(0, 1 << depth).SelectMany(i => new[] { (byte)i, (byte)(2 * i), (byte)(3 * i) })]);
        using var data = new MemoryStream();
        using (var packed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            foreach (
                (int x, int y, int stepX, int stepY) in isInterlaced
                    ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
                    : new[] { (0, 0, 1, 1) }
            )
                Pass(packed, plane, width, height, depth, filter, x, y, stepX, stepY);
        // In two chunks, as large files have it.
        byte[] all = data.ToArray();
        Chunk(png, "IDAT", all[..(all.Length / 3)]);
        Chunk(png, "IDAT", all[(all.Length / 3)..]);
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void Pass(
        Stream packed,
        byte[] plane,
        int width,
        int height,
        int depth,
        int filter,
        int left,
        int top,
        int stepX,
        int stepY
    )
    {
        int columns = Math.Max(0, (width - left + stepX - 1) / stepX);
        byte[] above = new byte[((columns * depth) + 7) / 8];
        for (int y = top; y < height && columns > 0; y += stepY)
        {
            byte[] row = new byte[above.Length];
            for (int i = 0; i < columns; i++)
                row[i * depth / 8] |= (byte)(plane[(y * width) + left + (i * stepX)] << (8 - depth - (i * depth % 8)));
            packed.WriteByte((byte)filter);
            for (int i = 0; i < row.Length; i++)
            {
                int a = i > 0 ? row[i - 1] : 0,
                    b = above[i],
                    c = i > 0 ? above[i - 1] : 0,
                    p = a + b - c;
                (int Far, int Value) nearest = new[] { (Math.Abs(p - a), a), (Math.Abs(p - b), b), (Math.Abs(p - c), c) }.MinBy(v =>
                    v.Item1
                );
                int foretold = filter switch
                {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    _ => nearest.Value,
                };
                packed.WriteByte((byte)(row[i] - foretold));
            }
            above = row;
        }
    }

    private static void Chunk(MemoryStream png, string kind, byte[] content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        byte[] named = [.. Encoding.ASCII.GetBytes(kind), .. content];
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(named));
        png.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
