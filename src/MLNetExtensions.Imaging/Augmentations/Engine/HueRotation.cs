using System.Numerics;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>RGB to HSV, hue shifted, and back, as Pillow does it: hue and saturation are truncated to 8 bits in between.</summary>
internal static class HueRotation
{
    /// <summary>Shifts the hue in place.</summary>
    /// <param name="pixels">[3, pixels].</param>
    /// <param name="shift">In 1/256 of the circle; wraps around.</param>
    public static void Run(Span<byte> pixels, byte shift)
    {
        if (shift == 0)
            return;
        int count = pixels.Length / 3,
            i = 0;
        Span<byte> red = pixels[..count],
            green = pixels.Slice(count, count),
            blue = pixels[(2 * count)..];
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
            Many(red[i..], green[i..], blue[i..], shift);
        if (i == count)
            return;
        // The rest, padded to a whole vector.
        Span<byte> rest = stackalloc byte[3 * Vector<byte>.Count];
        rest.Clear();
        Span<byte> restRed = rest[..Vector<byte>.Count],
            restGreen = rest.Slice(Vector<byte>.Count, Vector<byte>.Count),
            restBlue = rest[(2 * Vector<byte>.Count)..];
        red[i..].CopyTo(restRed);
        green[i..].CopyTo(restGreen);
        blue[i..].CopyTo(restBlue);
        Many(restRed, restGreen, restBlue, shift);
        restRed[..(count - i)].CopyTo(red[i..]);
        restGreen[..(count - i)].CopyTo(green[i..]);
        restBlue[..(count - i)].CopyTo(blue[i..]);
    }

    private static void Many(Span<byte> red, Span<byte> green, Span<byte> blue, byte shift)
    {
        Widen(new Vector<byte>(red), out Vector<int> r0, out Vector<int> r1, out Vector<int> r2, out Vector<int> r3);
        Widen(new Vector<byte>(green), out Vector<int> g0, out Vector<int> g1, out Vector<int> g2, out Vector<int> g3);
        Widen(new Vector<byte>(blue), out Vector<int> b0, out Vector<int> b1, out Vector<int> b2, out Vector<int> b3);
        Some(ref r0, ref g0, ref b0, shift);
        Some(ref r1, ref g1, ref b1, shift);
        Some(ref r2, ref g2, ref b2, shift);
        Some(ref r3, ref g3, ref b3, shift);
        Narrow(r0, r1, r2, r3).CopyTo(red);
        Narrow(g0, g1, g2, g3).CopyTo(green);
        Narrow(b0, b1, b2, b3).CopyTo(blue);
    }

    private static void Some(ref Vector<int> red, ref Vector<int> green, ref Vector<int> blue, byte shift)
    {
        Vector<int> max = Vector.Max(red, Vector.Max(green, blue)),
            min = Vector.Min(red, Vector.Min(green, blue));
        Vector<float> value = Vector.ConvertToSingle(max),
            range = Vector.ConvertToSingle(max - min);
        Vector<float> safeRange = Vector.Max(range, Vector<float>.One);
        Vector<int> isRed = Vector.Equals(red, max),
            isGreen = Vector.Equals(green, max);
        // In sixths of the circle: from which color, and how far to its neighbors. Divided first, as Pillow does: the truncation below is
        // sensitive.
        Vector<int> towards = Vector.ConditionalSelect(isRed, blue, Vector.ConditionalSelect(isGreen, red, green));
        Vector<int> away = Vector.ConditionalSelect(isRed, green, Vector.ConditionalSelect(isGreen, blue, red));
        Vector<int> first = Vector.AndNot(Vector.ConditionalSelect(isGreen, new Vector<int>(2), new Vector<int>(4)), isRed);
        Vector<float> hue =
            Vector.ConvertToSingle(first)
            + (Vector.ConvertToSingle(max - towards) / safeRange)
            - (Vector.ConvertToSingle(max - away) / safeRange);
        hue /= new Vector<float>(6);
        hue = Vector.ConditionalSelect(Vector.LessThan(hue, Vector<float>.Zero), hue + Vector<float>.One, hue);
        Vector<int> hue8 = Times255(hue),
            saturation8 = Times255(range / Vector.Max(value, Vector<float>.One));

        hue8 = (hue8 + new Vector<int>(shift)) & new Vector<int>(255);
        // Products with the inverse, of all hues, saturations and values: never another sector, in 17 of 33 million cases a gray level more
        // or less.
        Vector<float> sixths = Vector.ConvertToSingle(hue8) * (6f / 255);
        Vector<float> sector = Vector.Floor(sixths),
            fraction = sixths - sector;
        Vector<float> saturation = Vector.ConvertToSingle(saturation8) * (1f / 255);
        Vector<float> half = new(0.5f);
        Vector<int> p = Vector.ConvertToInt32((value * (Vector<float>.One - saturation)) + half);
        Vector<int> q = Vector.ConvertToInt32((value * (Vector<float>.One - (saturation * fraction))) + half);
        Vector<int> t = Vector.ConvertToInt32((value * (Vector<float>.One - (saturation * (Vector<float>.One - fraction)))) + half);
        Vector<int> i = Vector.ConvertToInt32(sector);
        Vector<int> is0 = Vector.Equals(i, Vector<int>.Zero) | Vector.Equals(i, new Vector<int>(6)),
            is1 = Vector.Equals(i, Vector<int>.One);
        Vector<int> is2 = Vector.Equals(i, new Vector<int>(2)),
            is3 = Vector.Equals(i, new Vector<int>(3)),
            is4 = Vector.Equals(i, new Vector<int>(4));
        red = Vector.ConditionalSelect(is1, q, Vector.ConditionalSelect(is2 | is3, p, Vector.ConditionalSelect(is4, t, max)));
        green = Vector.ConditionalSelect(is0, t, Vector.ConditionalSelect(is1 | is2, max, Vector.ConditionalSelect(is3, q, p)));
        blue = Vector.ConditionalSelect(is0 | is1, p, Vector.ConditionalSelect(is2, t, Vector.ConditionalSelect(is3 | is4, max, q)));
    }

    /// <summary>
    /// The whole part of 255 times a number, where the product in single precision may have been rounded up to a whole number.
    /// </summary>
    private static Vector<int> Times255(Vector<float> share)
    {
        Vector<float> factor = new(255f),
            product = share * factor,
            whole = Vector.Floor(product);
        // The difference of the exact product is exact itself.
        Vector<float> beyond = Vector.FusedMultiplyAdd(share, factor, -whole);
        return Vector.ConvertToInt32(whole) + Vector.LessThan(beyond, Vector<float>.Zero);
    }

    private static void Widen(Vector<byte> bytes, out Vector<int> a, out Vector<int> b, out Vector<int> c, out Vector<int> d)
    {
        Vector.Widen(bytes, out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low, out Vector<uint> a0, out Vector<uint> b0);
        Vector.Widen(high, out Vector<uint> c0, out Vector<uint> d0);
        (a, b, c, d) = (Vector.AsVectorInt32(a0), Vector.AsVectorInt32(b0), Vector.AsVectorInt32(c0), Vector.AsVectorInt32(d0));
    }

    private static Vector<byte> Narrow(Vector<int> a, Vector<int> b, Vector<int> c, Vector<int> d) =>
        Vector.Narrow(
            Vector.Narrow(Vector.AsVectorUInt32(a), Vector.AsVectorUInt32(b)),
            Vector.Narrow(Vector.AsVectorUInt32(c), Vector.AsVectorUInt32(d))
        );
}
