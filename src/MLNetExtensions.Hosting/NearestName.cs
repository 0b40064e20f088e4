namespace MLNetExtensions.Hosting;

/// <summary>Finds what a misspelled name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest letters changed, added, left out or swapped with the next; null if none is near.</summary>
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

    /// <summary>The optimal string alignment distance.</summary>
    private static int Changes(string from, string to)
    {
        int[] beforeLast = [],
            last = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, current);
        }
        return last[^1];
    }
}
