namespace MLNetExtensions.Search.Importance;

/// <summary>A regression tree over a box: leaves are boxes with the mean of the values in them.</summary>
internal sealed class RegressionTree
{
    private const int SmallestSplit = 4;

    private RegressionTree(IReadOnlyList<Leaf> leaves) => Leaves = leaves;

    /// <summary>The leaves; together they fill the box.</summary>
    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>Grows a tree that lowers the squared error as fast as it can.</summary>
    /// <param name="points">The points, in the unit cube.</param>
    /// <param name="values">Their values.</param>
    /// <param name="random">Chooses the dimensions that a split may use.</param>
    public static RegressionTree Grow(double[][] points, double[] values, Random random)
    {
        int dimensions = points[0].Length;
        List<Leaf> leaves = [];
        var open = new Stack<(int[] Rows, double[] Low, double[] High)>();
        open.Push(([.. Enumerable.Range(0, values.Length)], new double[dimensions], [.. Enumerable.Repeat(1.0, dimensions)]));
        while (open.TryPop(out (int[] Rows, double[] Low, double[] High) node))
        {
            if (
                node.Rows.Length < SmallestSplit
                || BestSplit(points, values, node.Rows, Some(dimensions, random)) is not { Dimension: >= 0 } split
            )
            {
                leaves.Add(new Leaf(node.Low, node.High, node.Rows.Average(row => values[row])));
                continue;
            }
            (double[] high, double[] low) = ([.. node.High], [.. node.Low]);
            high[split.Dimension] = low[split.Dimension] = split.Border;
            open.Push(([.. node.Rows.Where(row => points[row][split.Dimension] < split.Border)], node.Low, high));
            open.Push(([.. node.Rows.Where(row => points[row][split.Dimension] >= split.Border)], low, node.High));
        }
        return new RegressionTree(leaves);
    }

    /// <summary>Most of the dimensions, so that trees differ.</summary>
    private static int[] Some(int dimensions, Random random)
    {
        int[] all = [.. Enumerable.Range(0, dimensions)];
        random.Shuffle(all);
        return all[..((5 * dimensions + 5) / 6)];
    }

    private static (int Dimension, double Border) BestSplit(double[][] points, double[] values, int[] rows, int[] dimensions)
    {
        (int Dimension, double Border) best = (-1, 0);
        double all = rows.Sum(row => values[row]);
        // What a split gains is the sum of both sides' squared sums by their counts, beside that of the whole.
        double highest = (all * all / rows.Length) + 1e-12;
        foreach (int dimension in dimensions)
        {
            int[] ordered = [.. rows.OrderBy(row => points[row][dimension])];
            double left = 0;
            for (int count = 1; count < ordered.Length; count++)
            {
                left += values[ordered[count - 1]];
                double before = points[ordered[count - 1]][dimension],
                    after = points[ordered[count]][dimension];
                double gain = (left * left / count) + ((all - left) * (all - left) / (ordered.Length - count));
                if (before < after && gain > highest)
                    (best, highest) = ((dimension, (before + after) / 2), gain);
            }
        }
        return best;
    }

    /// <summary>A box of one value.</summary>
    /// <param name="Low">Its lower corner.</param>
    /// <param name="High">Its upper corner.</param>
    /// <param name="Value">The value in it.</param>
    public readonly record struct Leaf(double[] Low, double[] High, double Value);
}
