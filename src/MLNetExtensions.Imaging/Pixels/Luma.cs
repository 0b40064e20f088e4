using System.Numerics;

namespace MLNetExtensions.Imaging.Pixels;

/// <summary>The gray level of a color, (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow computes mode L (ITU-R BT.601).</summary>
internal static class Luma
{
    private const int Red = 19595,
        Green = 38470,
        Blue = 7471,
        Half = 1 << 15,
        Shift = 16;

    /// <summary>The weights of red, green and blue in parts of <see cref="One"/>.</summary>
    public static ReadOnlySpan<int> Weights => [Red, Green, Blue];

    /// <summary>The sum of the weights, 65536.</summary>
    public const int One = 1 << Shift;

    /// <summary>The sum of all gray levels.</summary>
    /// <param name="pixels">[3, pixels].</param>
    public static long Sum(ReadOnlySpan<byte> pixels)
    {
        int count = pixels.Length / 3,
            i = 0;
        ReadOnlySpan<byte> red = pixels[..count],
            green = pixels.Slice(count, count),
            blue = pixels[(2 * count)..];
        long sum = 0;
        // A lane adds at most 255 a step: 2^16 steps stay below 2^32.
        int block = Vector<byte>.Count << 16;
        for (int start = 0; start <= count - Vector<byte>.Count; start += block)
        {
            Vector<uint> sums = default;
            for (i = start; i <= Math.Min(count, start + block) - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Of(
                    new Vector<byte>(red[i..]),
                    new Vector<byte>(green[i..]),
                    new Vector<byte>(blue[i..]),
                    out Vector<uint> a,
                    out Vector<uint> b,
                    out Vector<uint> c,
                    out Vector<uint> d
                );
                sums += a + b + c + d;
            }
            for (int lane = 0; lane < Vector<uint>.Count; lane++)
                sum += sums[lane];
        }
        for (; i < count; i++)
            sum += Of(red[i], green[i], blue[i]);
        return sum;
    }

    /// <summary>Writes the gray levels.</summary>
    /// <param name="pixels">[3, pixels].</param>
    /// <param name="gray">[pixels].</param>
    public static void Write(ReadOnlySpan<byte> pixels, Span<byte> gray)
    {
        int count = gray.Length,
            i = 0;
        ReadOnlySpan<byte> red = pixels[..count],
            green = pixels.Slice(count, count),
            blue = pixels.Slice(2 * count, count);
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Of(
                new Vector<byte>(red[i..]),
                new Vector<byte>(green[i..]),
                new Vector<byte>(blue[i..]),
                out Vector<uint> a,
                out Vector<uint> b,
                out Vector<uint> c,
                out Vector<uint> d
            );
            Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d)).CopyTo(gray[i..]);
        }
        for (; i < count; i++)
            gray[i] = (byte)Of(red[i], green[i], blue[i]);
    }

    /// <summary>gray + factor * (value - gray) for each channel, cut to 0..255 and truncated as Pillow's Image.blend does.</summary>
    /// <param name="pixels">[3, pixels].</param>
    /// <param name="factor">0 makes it gray, 1 changes nothing.</param>
    public static void Blend(Span<byte> pixels, float factor)
    {
        int count = pixels.Length / 3,
            i = 0;
        Span<byte> red = pixels[..count],
            green = pixels.Slice(count, count),
            blue = pixels[(2 * count)..];
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> r = new(red[i..]),
                g = new(green[i..]),
                b = new(blue[i..]);
            Of(r, g, b, out Vector<uint> l0, out Vector<uint> l1, out Vector<uint> l2, out Vector<uint> l3);
            Blend(r, l0, l1, l2, l3, factor).CopyTo(red[i..]);
            Blend(g, l0, l1, l2, l3, factor).CopyTo(green[i..]);
            Blend(b, l0, l1, l2, l3, factor).CopyTo(blue[i..]);
        }
        for (; i < count; i++)
        {
            int gray = Of(red[i], green[i], blue[i]);
            red[i] = Blend(red[i], gray, factor);
            green[i] = Blend(green[i], gray, factor);
            blue[i] = Blend(blue[i], gray, factor);
        }
    }

    /// <summary>The gray level of one color.</summary>
    public static int Of(int red, int green, int blue) => ((Red * red) + (Green * green) + (Blue * blue) + Half) >> Shift;

    private static byte Blend(int value, int gray, float factor) => (byte)Math.Clamp(gray + (factor * (value - gray)), 0, 255);

    private static void Of(
        Vector<byte> red,
        Vector<byte> green,
        Vector<byte> blue,
        out Vector<uint> a,
        out Vector<uint> b,
        out Vector<uint> c,
        out Vector<uint> d
    )
    {
        Widen(red, out a, out b, out c, out d);
        Widen(green, out Vector<uint> g0, out Vector<uint> g1, out Vector<uint> g2, out Vector<uint> g3);
        Widen(blue, out Vector<uint> b0, out Vector<uint> b1, out Vector<uint> b2, out Vector<uint> b3);
        a = Of(a, g0, b0);
        b = Of(b, g1, b1);
        c = Of(c, g2, b2);
        d = Of(d, g3, b3);

        static Vector<uint> Of(Vector<uint> red, Vector<uint> green, Vector<uint> blue) =>
            ((red * Red) + (green * Green) + (blue * Blue) + new Vector<uint>(Half)) >> Shift;
    }

    private static Vector<byte> Blend(Vector<byte> values, Vector<uint> l0, Vector<uint> l1, Vector<uint> l2, Vector<uint> l3, float factor)
    {
        Widen(values, out Vector<uint> v0, out Vector<uint> v1, out Vector<uint> v2, out Vector<uint> v3);
        return Vector.Narrow(
            Vector.Narrow(One(v0, l0, factor), One(v1, l1, factor)),
            Vector.Narrow(One(v2, l2, factor), One(v3, l3, factor))
        );

        static Vector<uint> One(Vector<uint> value, Vector<uint> gray, float factor)
        {
            Vector<float> from = Vector.ConvertToSingle(Vector.AsVectorInt32(gray));
            Vector<float> blended = from + (factor * (Vector.ConvertToSingle(Vector.AsVectorInt32(value)) - from));
            return Vector.AsVectorUInt32(
                Vector.ConvertToInt32(Vector.Min(Vector.Max(blended, Vector<float>.Zero), new Vector<float>(255f)))
            );
        }
    }

    private static void Widen(Vector<byte> bytes, out Vector<uint> a, out Vector<uint> b, out Vector<uint> c, out Vector<uint> d)
    {
        Vector.Widen(bytes, out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low, out a, out b);
        Vector.Widen(high, out c, out d);
    }
}
