using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetExtensions.Imaging.Pixels;

/// <summary>
/// Conversions between 4-byte pixels and planes [channels, height, width], the layout of ONNX image networks and of ExtractPixels.
/// </summary>
internal static class PlanarPixels
{
    // Pixels whose colors are made at once for their gray levels: they stay in the first cache.
    private const int GrayBlock = 1024;

    /// <summary>Splits B, G, R, A pixels into a red, a green and a blue plane; alpha is dropped, as ExtractPixels does.</summary>
    /// <param name="bgra">4 bytes a pixel.</param>
    /// <param name="planes">3 bytes a pixel.</param>
    public static void FromBgra(ReadOnlySpan<byte> bgra, Span<byte> planes) => Split(bgra, planes, redShift: 16, blueShift: 0);

    /// <summary>Splits R, G, B, A pixels into a red, a green and a blue plane; alpha is dropped, as ExtractPixels does.</summary>
    /// <param name="rgba">4 bytes a pixel.</param>
    /// <param name="planes">3 bytes a pixel.</param>
    public static void FromRgba(ReadOnlySpan<byte> rgba, Span<byte> planes) => Split(rgba, planes, redShift: 0, blueShift: 16);

    /// <summary>Makes planes of 4-byte pixels.</summary>
    /// <param name="pixels">4 bytes a pixel, colors multiplied by alpha.</param>
    /// <param name="isRgba">True if they are R, G, B, A; else B, G, R, A.</param>
    /// <param name="channels">1 for gray; 3 for red, green and blue as they are; 4 for those divided by alpha, and alpha.</param>
    /// <param name="planes">[channels, pixels].</param>
    public static void From(ReadOnlySpan<byte> pixels, bool isRgba, int channels, Span<byte> planes)
    {
        if (channels == 1)
        {
            ToGray(pixels, isRgba, planes);
            return;
        }
        if (isRgba)
            FromRgba(pixels, planes);
        else
            FromBgra(pixels, planes);
        if (channels == 3)
            return;
        ToAlpha(pixels, planes[(planes.Length / 4 * 3)..]);
        Unpremultiply(planes);
    }

    /// <summary>Makes gray levels of 4-byte pixels, as Pillow's convert("L") does.</summary>
    /// <param name="pixels">4 bytes a pixel.</param>
    /// <param name="isRgba">True if they are R, G, B, A; else B, G, R, A.</param>
    /// <param name="gray">A byte a pixel.</param>
    public static void ToGray(ReadOnlySpan<byte> pixels, bool isRgba, Span<byte> gray)
    {
        Span<byte> block = stackalloc byte[3 * GrayBlock];
        for (int start = 0; start < gray.Length; start += GrayBlock)
        {
            int count = Math.Min(GrayBlock, gray.Length - start);
            Span<byte> colors = block[..(3 * count)];
            From(pixels.Slice(4 * start, 4 * count), isRgba, channels: 3, colors);
            Luma.Write(colors, gray.Slice(start, count));
        }
    }

    /// <summary>Copies the alpha of 4-byte pixels.</summary>
    /// <param name="pixels">4 bytes a pixel, alpha last.</param>
    /// <param name="alpha">A byte a pixel.</param>
    public static void ToAlpha(ReadOnlySpan<byte> pixels, Span<byte> alpha)
    {
        for (int i = 0; i < alpha.Length; i++)
            alpha[i] = pixels[(4 * i) + 3];
    }

    /// <summary>Multiplies colors by their alpha, rounded.</summary>
    /// <param name="planes">[4, pixels]: red, green, blue, alpha.</param>
    public static void Premultiply(Span<byte> planes)
    {
        int count = planes.Length / 4;
        ReadOnlySpan<byte> alpha = planes[(3 * count)..];
        for (int channel = 0; channel < 3; channel++)
        {
            Span<byte> plane = planes.Slice(channel * count, count);
            for (int i = 0; i < count; i++)
                plane[i] = (byte)(((plane[i] * alpha[i]) + 127) / 255);
        }
    }

    /// <summary>Divides colors by their alpha, rounded; what is fully transparent is black.</summary>
    /// <param name="planes">[4, pixels]: red, green, blue, alpha.</param>
    public static void Unpremultiply(Span<byte> planes)
    {
        int count = planes.Length / 4;
        ReadOnlySpan<byte> alpha = planes[(3 * count)..];
        if (alpha.IndexOfAnyExcept((byte)255) < 0)
            return;
        for (int channel = 0; channel < 3; channel++)
        {
            Span<byte> plane = planes.Slice(channel * count, count);
            for (int i = 0; i < count; i++)
                plane[i] = (byte)Math.Min(255, ((plane[i] * 255) + (alpha[i] / 2)) / Math.Max((byte)1, alpha[i]));
        }
    }

    /// <summary>Joins a red, a green and a blue plane to R, G, B, A pixels; alpha is 255.</summary>
    /// <param name="planes">3 bytes a pixel.</param>
    /// <param name="rgba">4 bytes a pixel.</param>
    public static void ToRgba(ReadOnlySpan<byte> planes, Span<byte> rgba)
    {
        int count = planes.Length / 3;
        ReadOnlySpan<byte> red = planes[..count],
            green = planes.Slice(count, count),
            blue = planes[(2 * count)..];
        Span<uint> packed = MemoryMarshal.Cast<byte, uint>(rgba)[..count];
        for (int i = 0; i < count; i++)
        {
            uint pixel = red[i] | ((uint)green[i] << 8) | ((uint)blue[i] << 16) | 0xFF000000;
            packed[i] = BitConverter.IsLittleEndian ? pixel : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(pixel);
        }
    }

    /// <summary>Makes R, G, B, A pixels of gray levels; alpha is 255.</summary>
    /// <param name="gray">A byte a pixel.</param>
    /// <param name="rgba">4 bytes a pixel.</param>
    public static void GrayToRgba(ReadOnlySpan<byte> gray, Span<byte> rgba)
    {
        for (int i = 0; i < gray.Length; i++)
        {
            Span<byte> pixel = rgba.Slice(4 * i, 4);
            pixel[..3].Fill(gray[i]);
            pixel[3] = 255;
        }
    }

    /// <summary>Cuts a window out of planar pixels.</summary>
    /// <param name="source">[channels, sourceHeight, sourceWidth].</param>
    /// <param name="sourceWidth">The source's width.</param>
    /// <param name="left">The window's first column.</param>
    /// <param name="top">The window's first row.</param>
    /// <param name="target">[channels, height, width].</param>
    /// <param name="width">The window's width.</param>
    /// <param name="height">The window's height.</param>
    public static void Crop(ReadOnlySpan<byte> source, int sourceWidth, int left, int top, Span<byte> target, int width, int height)
    {
        int channels = target.Length / (width * height),
            sourcePlane = source.Length / channels;
        for (int plane = 0; plane < channels; plane++)
        for (int row = 0; row < height; row++)
            source
                .Slice((plane * sourcePlane) + ((top + row) * sourceWidth) + left, width)
                .CopyTo(target.Slice(((plane * height) + row) * width, width));
    }

    /// <summary>Widens bytes to floats of the same value, 0..255.</summary>
    public static void ToSingle(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        floats = floats[..bytes.Length];
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(bytes[i..]));
                (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
                (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
                Span<float> target = floats[i..];
                // Through int: unsigned conversion is slow before AVX-512.
                Vector128.ConvertToSingle(a.AsInt32()).CopyTo(target);
                Vector128.ConvertToSingle(b.AsInt32()).CopyTo(target[4..]);
                Vector128.ConvertToSingle(c.AsInt32()).CopyTo(target[8..]);
                Vector128.ConvertToSingle(d.AsInt32()).CopyTo(target[12..]);
            }
        }
        for (; i < bytes.Length; i++)
            floats[i] = bytes[i];
    }

    /// <summary>Bytes to <c>(value - offset) * factor</c>.</summary>
    public static void Scale(ReadOnlySpan<byte> bytes, Span<float> floats, float offset, float factor)
    {
        ToSingle(bytes, floats);
        if (offset == 0 && factor == 1)
            return;
        floats = floats[..bytes.Length];
        int i = 0;
        for (; i <= floats.Length - Vector<float>.Count; i += Vector<float>.Count)
            ((new Vector<float>(floats[i..]) - new Vector<float>(offset)) * factor).CopyTo(floats[i..]);
        for (; i < floats.Length; i++)
            floats[i] = (floats[i] - offset) * factor;
    }

    /// <summary>Bytes to what a network reads: (value * Scale - Mean) / StandardDeviation, channel by channel.</summary>
    /// <param name="planes">[3, pixels].</param>
    /// <param name="floats">[3, pixels].</param>
    /// <param name="preprocessing">Its mean and standard deviation in the order of the planes.</param>
    public static void Normalize(ReadOnlySpan<byte> planes, Span<float> floats, ImagePreprocessing preprocessing)
    {
        int plane = planes.Length / 3;
        for (int channel = 0; channel < 3; channel++)
        {
            float factor = preprocessing.Scale / preprocessing.StandardDeviation[channel];
            float offset = -preprocessing.Mean[channel] / preprocessing.StandardDeviation[channel];
            ReadOnlySpan<byte> from = planes.Slice(channel * plane, plane);
            Span<float> to = floats.Slice(channel * plane, plane);
            ToSingle(from, to);
            int i = 0;
            for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
                ((new Vector<float>(to[i..]) * factor) + new Vector<float>(offset)).CopyTo(to[i..]);
            for (; i < to.Length; i++)
                to[i] = (to[i] * factor) + offset;
        }
    }

    /// <summary>Narrows whole floats 0..255 (what ExtractPixels makes) to bytes.</summary>
    /// <returns>False if a value is not a whole number of 0..255; the target's content is then undefined.</returns>
    public static bool TryFromSingle(ReadOnlySpan<float> floats, Span<byte> bytes)
    {
        for (int i = 0; i < floats.Length; i++)
        {
            byte value = (byte)floats[i];
            if (value != floats[i])
                return false;
            bytes[i] = value;
        }
        return true;
    }

    private static void Split(ReadOnlySpan<byte> pixels, Span<byte> planes, int redShift, int blueShift)
    {
        ReadOnlySpan<uint> packed = MemoryMarshal.Cast<byte, uint>(pixels);
        int count = packed.Length;
        Span<byte> red = planes[..count],
            green = planes.Slice(count, count),
            blue = planes.Slice(2 * count, count);
        int i = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            for (; i <= count - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                ReadOnlySpan<uint> sixteen = packed[i..];
                Vector128<uint> a = Vector128.Create(sixteen),
                    b = Vector128.Create(sixteen[4..]);
                Vector128<uint> c = Vector128.Create(sixteen[8..]),
                    d = Vector128.Create(sixteen[12..]);
                LowBytes(a >> redShift, b >> redShift, c >> redShift, d >> redShift).CopyTo(red[i..]);
                LowBytes(a >> 8, b >> 8, c >> 8, d >> 8).CopyTo(green[i..]);
                LowBytes(a >> blueShift, b >> blueShift, c >> blueShift, d >> blueShift).CopyTo(blue[i..]);
            }
        }
        int redByte = redShift / 8,
            blueByte = blueShift / 8;
        for (; i < count; i++)
        {
            red[i] = pixels[(4 * i) + redByte];
            green[i] = pixels[(4 * i) + 1];
            blue[i] = pixels[(4 * i) + blueByte];
        }
    }

    private static Vector128<byte> LowBytes(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d));
}
