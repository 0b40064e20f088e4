namespace MLNetExtensions.Data.Splits;

/// <summary>Shares rows out to parts of given sizes.</summary>
internal static class RowAssignment
{
    /// <summary>Rows that stand for themselves: each class by chance, in as equal shares as whole rows allow.</summary>
    /// <param name="classes">The class of each row, from 0.</param>
    /// <param name="fractions">The share of each part; they add up to 1. The first part gets what cannot be shared out.</param>
    /// <param name="seed">Decides the chance.</param>
    /// <returns>The part of each row.</returns>
    public static int[] Rows(ReadOnlySpan<int> classes, ReadOnlySpan<double> fractions, int seed)
    {
        var random = new Random(seed);
        Dictionary<int, List<int>> rowsOf = [];
        for (int row = 0; row < classes.Length; row++)
        {
            if (!rowsOf.TryGetValue(classes[row], out List<int>? rows))
                rowsOf[classes[row]] = rows = [];
            rows.Add(row);
        }
        int[] parts = new int[classes.Length];
        // What whole rows owe a part is carried over to the next class, so that many small classes add up to the part's share.
        double[] owed = new double[fractions.Length];
        foreach ((_, List<int> rows) in rowsOf.OrderBy(pair => pair.Key))
        {
            int[] shuffled = [.. rows];
            random.Shuffle(shuffled);
            int next = 0;
            for (int part = fractions.Length - 1; part > 0; part--)
            {
                double share = (fractions[part] * shuffled.Length) + owed[part];
                // A class keeps a row to train on as long as there is one.
                int count = Math.Clamp(
                    (int)Math.Round(share, MidpointRounding.AwayFromZero),
                    0,
                    Math.Max(0, shuffled.Length - next - (fractions[0] > 0 ? 1 : 0))
                );
                owed[part] = share - count;
                for (int i = 0; i < count; i++)
                    parts[shuffled[next++]] = part;
            }
        }
        return parts;
    }

    /// <summary>
    /// Groups that stay together: the largest first, ties by chance, each to the part that it brings nearest to its share of every class.
    /// </summary>
    /// <param name="classes">The class of each row, from 0.</param>
    /// <param name="groups">The group of each row, from 0.</param>
    /// <param name="fractions">The share of each part; they add up to 1.</param>
    /// <param name="seed">Decides the chance.</param>
    /// <returns>The part of each row.</returns>
    public static int[] Groups(ReadOnlySpan<int> classes, ReadOnlySpan<int> groups, ReadOnlySpan<double> fractions, int seed)
    {
        int groupCount = 0,
            classCount = 0;
        for (int row = 0; row < classes.Length; row++)
            (groupCount, classCount) = (Math.Max(groupCount, groups[row] + 1), Math.Max(classCount, classes[row] + 1));
        double[] classSizes = new double[classCount];
        Dictionary<int, double>[] countsOf = [.. Enumerable.Range(0, groupCount).Select(_ => new Dictionary<int, double>())];
        for (int row = 0; row < classes.Length; row++)
        {
            classSizes[classes[row]]++;
            countsOf[groups[row]][classes[row]] = countsOf[groups[row]].GetValueOrDefault(classes[row]) + 1;
        }

        int[] order = [.. Enumerable.Range(0, groupCount)];
        new Random(seed).Shuffle(order);
        order = [.. order.OrderByDescending(group => countsOf[group].Values.Sum())];
        double[,] filled = new double[fractions.Length, classCount];
        int[] partOf = new int[groupCount];
        foreach (int group in order)
        {
            double least = double.MaxValue;
            for (int part = 0; part < fractions.Length; part++)
            {
                // The change of the squared distance to the part's fractions, relative to the part's and the class's size.
                double change = 0;
                foreach ((int c, double count) in countsOf[group])
                    change +=
                        count * ((2 * (filled[part, c] - (fractions[part] * classSizes[c]))) + count) / (classSizes[c] * fractions[part]);
                if (change < least)
                    (least, partOf[group]) = (change, part);
            }
            foreach ((int c, double count) in countsOf[group])
                filled[partOf[group], c] += count;
        }
        int[] parts = new int[classes.Length];
        for (int row = 0; row < parts.Length; row++)
            parts[row] = partOf[groups[row]];
        return parts;
    }
}
