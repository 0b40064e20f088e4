using System.Buffers.Binary;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public class ExifTagTests
{
    [Theory]
    [InlineData(3, 6, 6)] // SHORT
    [InlineData(4, 6, 6)] // LONG
    [InlineData(8, 8, 8)]
    [InlineData(9, 3, 3)]
    [InlineData(3, 9, null)] // no orientation
    [InlineData(4, 65542, null)]
    [InlineData(2, 6, null)] // a text
    public void Numbers_of_each_width_are_read_in_each_format(ushort type, uint value, int? expected)
    {
        foreach (bool isLittle in new[] { false, true })
        {
            byte[] tiff = Tiff(type, value, isLittle);
            byte[] jpeg = TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Jpeg),
                png = TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Png);
            byte[] webp = TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Webp);
            Assert.Equal(expected, (int?)ExifTag.FindOrientation(InJpeg(jpeg, tiff)));
            Assert.Equal(expected, (int?)ExifTag.FindOrientation(PngFile.WithChunk(png, "eXIf"u8, tiff, beforePixels: true)));
            Assert.Equal(expected, (int?)ExifTag.FindOrientation(PngFile.WithChunk(png, "eXIf"u8, tiff, beforePixels: false)));
            Assert.Equal(expected, (int?)ExifTag.FindOrientation([.. webp, .. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff]));
            Assert.Null(ExifTag.FindOrientation(jpeg));
            Assert.Null(ExifTag.FindOrientation(png));
            Assert.Null(ExifTag.FindOrientation(webp));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Images_are_turned(int orientation)
    {
        byte[] png = TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Png),
            jpeg = TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Jpeg);

        AssertTurned(png, PngFile.WithChunk(png, "eXIf"u8, Tiff(3, (uint)orientation, isLittle: true), beforePixels: true), orientation);
        AssertTurned(jpeg, InJpeg(jpeg, Tiff(4, (uint)orientation, isLittle: false)), orientation);
    }

    [Fact]
    public void Damaged_files_state_nothing_or_something_and_throw_nothing()
    {
        byte[] jpeg = InJpeg(TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Jpeg), Tiff(4, 6, isLittle: false));
        byte[] png = PngFile.WithChunk(
            TestImages.Encode(TestImages.Pattern(9, 7), SKEncodedImageFormat.Png),
            "eXIf"u8,
            Tiff(4, 6, isLittle: true),
            beforePixels: true
        );
        var random = new Random(3);
        foreach (byte[] file in new[] { jpeg, png })
        {
            for (int length = 0; length <= Math.Min(file.Length, 150); length++)
                ExifTag.FindOrientation(file.AsSpan(0, length));
            for (int trial = 0; trial < 3000; trial++)
            {
                byte[] damaged = [.. file];
                for (int i = 0; i <= trial % 4; i++)
                    damaged[random.Next(Math.Min(120, damaged.Length))] = (byte)random.Next(256);
                ExifTag.FindOrientation(damaged);
            }
        }
    }

    private static void AssertTurned(byte[] plain, byte[] tagged, int orientation)
    {
        (SKImageInfo stored, byte[] pixels) = Decode(plain);
        (SKImageInfo info, byte[] turned) = Decode(tagged);
        uint[] expected = new uint[stored.Width * stored.Height];
        ExifOrientation.Apply(
            (SKEncodedOrigin)orientation,
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(pixels),
            stored.Width,
            stored.Height,
            expected
        );

        Assert.Equal(orientation >= 5 ? (7, 9) : (9, 7), (info.Width, info.Height));
        Assert.Equal(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(turned).ToArray());
    }

    private static (SKImageInfo Info, byte[] Pixels) Decode(byte[] file)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = PixelDecoder.Open(data, 1000, -1, null);
        byte[] pixels = new PixelDecoder().Decode(codec, file, -1, null, out SKImageInfo info).ToArray();
        return (info, pixels);
    }

    private static byte[] InJpeg(byte[] jpeg, byte[] tiff) =>
        [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(tiff.Length + 8), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];

    /// <summary>A TIFF of one directory with the orientation behind another entry.</summary>
    private static byte[] Tiff(ushort type, uint value, bool isLittle)
    {
        byte[] tiff = new byte[8 + 2 + 24 + 4];
        (isLittle ? "II*\0"u8 : "MM\0*"u8).CopyTo(tiff);
        Write32(4, 8);
        Write16(8, 2);
        Write16(10, 0x0100);
        Write16(12, 3);
        Write32(14, 1);
        Write16(22, 0x0112);
        Write16(24, type);
        Write32(26, 1);
        if (type is 3 or 8)
            Write16(30, (ushort)value);
        else
            Write32(30, value);
        return tiff;

        void Write16(int at, ushort number)
        {
            if (isLittle)
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), number);
            else
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), number);
        }

        void Write32(int at, uint number)
        {
            if (isLittle)
                BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(at), number);
            else
                BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(at), number);
        }
    }
}
