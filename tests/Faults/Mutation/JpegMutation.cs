namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to JPEG files: to bytes, markers, lengths, and the order of segments.</summary>
internal static class JpegMutation
{
    private static readonly byte[] Extremes = [0, 255, 1, 127, 128, 254];

    public static byte[] Mutate(byte[] input, Random random)
    {
        if (input.Length < 4)
            return ByteMutation.Mutate(input, random);
        List<byte> bytes = [.. input];
        int at = random.Next(bytes.Count);
        List<(int At, int Length)> segments = Segments(bytes);
        (int segment, int length) = segments.Count == 0 ? (0, 4) : segments[random.Next(segments.Count)];
        switch (random.Next(12))
        {
            case 0:
                bytes[at] = Extremes[random.Next(Extremes.Length)];
                break;
            case 1:
                byte[] inserted = new byte[1 + random.Next(random.Next(2) == 0 ? 2 : 30)];
                random.NextBytes(inserted);
                bytes.InsertRange(at, inserted);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(random.Next(2) == 0 ? 2 : 40)));
                break;
            case 3:
                // Cut off, but with an end.
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange([0xFF, 0xD9]);
                break;
            case 4:
                bytes.InsertRange(at, [(byte)0xFF, (byte)(0xC0 + random.Next(64))]);
                break;
            case 5 when Markers(bytes) is { Count: > 0 } markers:
                bytes[markers[random.Next(markers.Count)] + 1] = (byte)(random.Next(2) == 0 ? random.Next(256) : 0xC0 + random.Next(64));
                break;
            case 6 or 7 when segments.Count > 0:
                // Doubled, or moved to another place.
                List<byte> moved = bytes.GetRange(segment, length);
                if (random.Next(2) == 0)
                    bytes.RemoveRange(segment, length);
                List<(int At, int Length)> left = Segments(bytes);
                bytes.InsertRange(left.Count == 0 ? 2 : left[random.Next(left.Count)].At, moved);
                break;
            case 8 when segments.Count > 0:
                int stated = random.Next(2) == 0 ? random.Next(70) : length - 2 + random.Next(-3, 4);
                (bytes[segment + 2], bytes[segment + 3]) = ((byte)(stated >> 8), (byte)stated);
                break;
            case 9 when length > 4:
                bytes[segment + 4 + random.Next(length - 4)] = (byte)random.Next(random.Next(2) == 0 ? 16 : 256);
                break;
            default:
                return ByteMutation.Mutate(input, random);
        }
        return [.. bytes];
    }

    private static List<int> Markers(List<byte> bytes) =>
        [.. Enumerable.Range(0, bytes.Count - 1).Where(i => bytes[i] == 0xFF && bytes[i + 1] != 0)];

    private static List<(int At, int Length)> Segments(List<byte> bytes)
    {
        var segments = new List<(int, int)>();
        for (int at = 2; at + 4 <= bytes.Count && bytes[at] == 0xFF; )
        {
            int length = 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
            if (length < 4 || at + length > bytes.Count)
                break;
            segments.Add((at, length));
            if (bytes[at + 1] == 0xDA)
                break;
            at += length;
        }
        return segments;
    }
}
