namespace MLNetExtensions.Hosting;

/// <summary>Finds what a misspelled name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest letters changed, added or left out; null if none is near.</summary>
    public static string? Of(string misspelled, IEnumerable<string> known)
    {
        // One letter in three may be wrong: more is another word.
        int most = Math.Max(1, misspelled.Length / 3);
        (string? nearest, int fewest) = (null, most + 1);
        foreach (string name in known)
        {
            int changes = Changes(misspelled.ToUpperInvariant(), name.ToUpperInvariant());
            if (changes < fewest)
                (nearest, fewest) = (name, changes);
        }
        return nearest;
    }

    private static int Changes(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[^1];
    }
}
