using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Data.Jpeg;

/// <summary>Y Cb Cr to R G B in libjpeg's 16-bit fixed point (jdcolor.c). Needs AVX2.</summary>
internal static unsafe class YccToRgb
{
    private const int RedOfCr = 91881, BlueOfCb = 116130, GreenOfCb = -22554, GreenOfCr = -46802, Half = 1 << 15, Shift = 16;

    /// <summary>Converts a row.</summary>
    public static void Convert(byte* luma, byte* blueChroma, byte* redChroma, byte* red, byte* green, byte* blue, int count)
    {
        if (count < 8)
        {
            for (int i = 0; i < count; i++)
            {
                int y = luma[i], cb = blueChroma[i] - 128, cr = redChroma[i] - 128;
                red[i] = (byte)Math.Clamp(y + (((RedOfCr * cr) + Half) >> Shift), 0, 255);
                green[i] = (byte)Math.Clamp(y + (((GreenOfCb * cb) + (GreenOfCr * cr) + Half) >> Shift), 0, 255);
                blue[i] = (byte)Math.Clamp(y + (((BlueOfCb * cb) + Half) >> Shift), 0, 255);
            }
            return;
        }
        Vector256<int> half = Vector256.Create(Half), middle = Vector256.Create(128);
        for (int i = 0; i < count; i += 8)
        {
            // The last step overlaps the one before it.
            int at = Math.Min(i, count - 8);
            Vector256<int> y = Avx2.ConvertToVector256Int32(luma + at);
            Vector256<int> cb = Avx2.ConvertToVector256Int32(blueChroma + at) - middle, cr = Avx2.ConvertToVector256Int32(redChroma + at) - middle;
            Store(y + (((cr * RedOfCr) + half) >> Shift), red + at);
            Store(y + (((cb * GreenOfCb) + (cr * GreenOfCr) + half) >> Shift), green + at);
            Store(y + (((cb * BlueOfCb) + half) >> Shift), blue + at);
        }

        static void Store(Vector256<int> levels, byte* target)
        {
            Vector128<short> words = Sse2.PackSignedSaturate(levels.GetLower(), levels.GetUpper());
            *(ulong*)target = Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
        }
    }
}
