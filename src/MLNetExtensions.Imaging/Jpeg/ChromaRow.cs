using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>
/// Enlarges rows of chroma to the size of luma as libjpeg's "fancy" upsampling does (jdsample.c): a new sample is 3/4 of the nearer old one
/// and 1/4 of the farther one, in both directions. Needs AVX2.
/// </summary>
internal static unsafe class ChromaRow
{
    /// <summary>Vectors may read and write this much beyond the end, of samples too.</summary>
    public static readonly int Slack = Math.Max(64, 4 * Vector<byte>.Count);

    /// <summary>The memory for an enlarged row with this number of old samples.</summary>
    public static int OutputBytes(int count) => (2 * count) + Slack;

    /// <summary>Memory to work in.</summary>
    public static int ScratchBytes(int count) => (sizeof(ushort) * (count + 2)) + Slack;

    /// <summary>Enlarges a part of a row.</summary>
    /// <param name="plane">The component.</param>
    /// <param name="samples">The memory of all components.</param>
    /// <param name="first">The first old sample.</param>
    /// <param name="count">The number of old samples.</param>
    /// <param name="y">The row of the image.</param>
    /// <param name="horizontal">1 or 2: how many new samples come of one across.</param>
    /// <param name="vertical">1 or 2: how many new samples come of one down.</param>
    /// <param name="output">Memory for the row.</param>
    /// <param name="scratch">Memory to work in.</param>
    /// <returns>The row; it need not lie in <paramref name="output"/>.</returns>
    public static byte* Enlarge(
        JpegSamples plane,
        byte* samples,
        int first,
        int count,
        int y,
        int horizontal,
        int vertical,
        byte* output,
        byte* scratch
    )
    {
        if (horizontal == 1)
            return plane.Pixel(samples, first, y);
        ushort* sums = (ushort*)scratch + 1;
        int before = first > 0 ? -1 : 0,
            after = first + count < plane.ImageWidth ? 1 : 0;
        if (vertical == 1)
        {
            byte* row = plane.Pixel(samples, first, y);
            for (int i = before; i < count + after; i += 16)
                Avx2.ConvertToVector256Int16(row + i).AsUInt16().Store(sums + i);
        }
        else
        {
            int near = y / 2,
                far = Math.Clamp(near + ((y & 1) == 0 ? -1 : 1), 0, plane.ImageHeight - 1);
            byte* nearRow = plane.Pixel(samples, first, near),
                farRow = plane.Pixel(samples, first, far);
            for (int i = before; i < count + after; i += 16)
            {
                Vector256<short> nearest = Avx2.ConvertToVector256Int16(nearRow + i);
                (nearest + nearest + nearest + Avx2.ConvertToVector256Int16(farRow + i)).AsUInt16().Store(sums + i);
            }
        }
        if (before == 0)
            sums[-1] = sums[0];
        if (after == 0)
            sums[count] = sums[count - 1];
        if (vertical == 1)
            Widen(sums, count, (ushort*)output, 1, 2, 2);
        else
            Widen(sums, count, (ushort*)output, 8, 7, 4);
        return output;
    }

    private static void Widen(ushort* sums, int count, ushort* output, ushort evenHalf, ushort oddHalf, int shift)
    {
        Vector<ushort> even = new(evenHalf),
            odd = new(oddHalf);
        for (int i = 0; i < count; i += Vector<ushort>.Count)
        {
            Vector<ushort> three = Load(sums + i) * 3;
            Vector<ushort> left = (three + Load(sums + i - 1) + even) >> shift,
                right = (three + Load(sums + i + 1) + odd) >> shift;
            // Little-endian: the left sample comes first.
            Unsafe.WriteUnaligned(output + i, left | (right << 8));
        }

        static Vector<ushort> Load(ushort* from) => Unsafe.ReadUnaligned<Vector<ushort>>(from);
    }
}
