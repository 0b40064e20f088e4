namespace MLNetExtensions.Data.Masks;

/// <summary>Masks as COCO packs them: lengths of runs of pixels outside and inside in turn, column after column.</summary>
internal static class RunLengths
{
    // A run's length is 32 bits wide.
    private const int MostDigits = 7;

    /// <summary>Reads the lengths from COCO's text of them: five bits a character, and from the fourth on the difference to the last but
    /// one.</summary>
    /// <exception cref="InvalidDataException">It is no such text; the message is the end of a sentence.</exception>
    public static List<long> Parse(string text)
    {
        List<long> counts = [];
        for (int at = 0; at < text.Length; )
        {
            long value = 0;
            int digits = 0;
            bool more = true;
            while (more)
            {
                int c = at < text.Length ? text[at++] - '0' : -1;
                if (c is < 0 or > 63 || digits == MostDigits)
                    throw new InvalidDataException($"its text of run lengths is damaged at character {at}");
                value |= (long)(c & 31) << (5 * digits++);
                more = (c & 32) != 0;
                if (!more && (c & 16) != 0)
                    value |= -1L << (5 * digits);
            }
            if (counts.Count > 2)
                value += counts[^2];
            counts.Add(value);
        }
        return counts;
    }

    /// <summary>Sets the pixels inside.</summary>
    /// <param name="counts">The lengths.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="inside">[height, width]; set to true inside, else left as it is.</param>
    /// <exception cref="InvalidDataException">The lengths are not those of the image; the message is the end of a sentence.</exception>
    public static void Fill(IReadOnlyList<long> counts, int width, int height, Span<bool> inside)
    {
        long pixels = (long)width * height,
            at = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            if (counts[i] < 0 || counts[i] > pixels - at)
                throw new InvalidDataException($"its run lengths are not those of {width} x {height} pixels: run {i} has {counts[i]}");
            for (long end = at + counts[i]; at < end; at++)
                if (i % 2 == 1)
                    inside[(int)((at % height * width) + (at / height))] = true;
        }
        if (at != pixels)
            throw new InvalidDataException($"its run lengths cover {at} of {pixels} pixels");
    }
}
