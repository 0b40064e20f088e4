using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>Y Cb Cr to R G B, to the value libjpeg's 16-bit fixed point (jdcolor.c), sixteen pixels at a time. Needs AVX2.</summary>
internal static unsafe class YccToRgb
{
    private const int RedOfCr = 91881,
        BlueOfCb = 116130,
        GreenOfCb = -22554,
        GreenOfCr = -46802,
        Half = 1 << 15,
        Shift = 16;

    /// <summary>Converts a row to planes.</summary>
    public static void ToPlanes(byte* luma, byte* blueChroma, byte* redChroma, byte* red, byte* green, byte* blue, int count)
    {
        if (count < 16)
        {
            for (int i = 0; i < count; i++)
                (red[i], green[i], blue[i]) = Convert(luma[i], blueChroma[i], redChroma[i]);
            return;
        }
        for (int i = 0; i < count; i += 16)
        {
            // The last step overlaps the one before it.
            int at = Math.Min(i, count - 16);
            Convert(luma + at, blueChroma + at, redChroma + at, out Vector128<byte> r, out Vector128<byte> g, out Vector128<byte> b);
            r.Store(red + at);
            g.Store(green + at);
            b.Store(blue + at);
        }
    }

    /// <summary>Converts a row to B, G, R and 255.</summary>
    public static void ToBgra(byte* luma, byte* blueChroma, byte* redChroma, byte* pixels, int count)
    {
        if (count < 16)
        {
            for (int i = 0; i < count; i++)
            {
                (pixels[(4 * i) + 2], pixels[(4 * i) + 1], pixels[4 * i]) = Convert(luma[i], blueChroma[i], redChroma[i]);
                pixels[(4 * i) + 3] = 255;
            }
            return;
        }
        for (int i = 0; i < count; i += 16)
        {
            int at = Math.Min(i, count - 16);
            Convert(luma + at, blueChroma + at, redChroma + at, out Vector128<byte> r, out Vector128<byte> g, out Vector128<byte> b);
            Vector128<ushort> bg = Sse2.UnpackLow(b, g).AsUInt16(),
                ra = Sse2.UnpackLow(r, Vector128<byte>.AllBitsSet).AsUInt16();
            byte* to = pixels + (4 * at);
            Sse2.UnpackLow(bg, ra).AsByte().Store(to);
            Sse2.UnpackHigh(bg, ra).AsByte().Store(to + 16);
            (bg, ra) = (Sse2.UnpackHigh(b, g).AsUInt16(), Sse2.UnpackHigh(r, Vector128<byte>.AllBitsSet).AsUInt16());
            Sse2.UnpackLow(bg, ra).AsByte().Store(to + 32);
            Sse2.UnpackHigh(bg, ra).AsByte().Store(to + 48);
        }
    }

    private static (byte Red, byte Green, byte Blue) Convert(int y, int blueChroma, int redChroma)
    {
        (int cb, int cr) = (blueChroma - 128, redChroma - 128);
        return (
            (byte)Math.Clamp(y + (((RedOfCr * cr) + Half) >> Shift), 0, 255),
            (byte)Math.Clamp(y + (((GreenOfCb * cb) + (GreenOfCr * cr) + Half) >> Shift), 0, 255),
            (byte)Math.Clamp(y + (((BlueOfCb * cb) + Half) >> Shift), 0, 255)
        );
    }

    /// <summary>
    /// The same on 16-bit numbers: whole multiples of 65536 are taken out of the factors, and <c>(f * c + Half) >> 16</c> is the upper half
    /// of <c>f * 2c</c>, rounded.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert(
        byte* luma,
        byte* blueChroma,
        byte* redChroma,
        out Vector128<byte> red,
        out Vector128<byte> green,
        out Vector128<byte> blue
    )
    {
        Vector256<short> middle = Vector256.Create((short)128),
            one = Vector256<short>.One;
        Vector256<short> y = Avx2.ConvertToVector256Int16(luma),
            cb = Avx2.ConvertToVector256Int16(blueChroma) - middle,
            cr = Avx2.ConvertToVector256Int16(redChroma) - middle;
        Vector256<short> r = y + cr + ((Avx2.MultiplyHigh(cr + cr, Vector256.Create((short)(RedOfCr - 65536))) + one) >> 1);
        Vector256<short> b = y + cb + cb + ((Avx2.MultiplyHigh(cb + cb, Vector256.Create((short)(BlueOfCb - 131072))) + one) >> 1);
        Vector256<short> factors = Vector256.Create(((GreenOfCr + 65536) << 16) | (GreenOfCb & 0xFFFF)).AsInt16();
        Vector256<int> half = Vector256.Create(Half);
        Vector256<int> low = (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(cb, cr), factors) + half) >> Shift,
            high = (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(cb, cr), factors) + half) >> Shift;
        Vector256<short> g = y - cr + Avx2.PackSignedSaturate(low, high);
        red = Bytes(r);
        green = Bytes(g);
        blue = Bytes(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector256<short> levels) => Sse2.PackUnsignedSaturate(levels.GetLower(), levels.GetUpper());
}
