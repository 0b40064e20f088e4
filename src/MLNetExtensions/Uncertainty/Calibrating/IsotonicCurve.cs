namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>
/// A rising curve through points: isotonic regression by pooling neighbors that fall (pool adjacent violators), linear between the points
/// and constant beyond them, as scikit-learn's IsotonicRegression with <c>out_of_bounds="clip"</c>.
/// </summary>
internal sealed record IsotonicCurve(float[] Inputs, float[] Values)
{
    /// <summary>Fits the curve.</summary>
    /// <param name="inputs">[rows].</param>
    /// <param name="targets">[rows]: 1 where the class is the row's, else 0.</param>
    public static IsotonicCurve Fit(float[] inputs, float[] targets)
    {
        float[] sorted = [.. inputs];
        float[] values = [.. targets];
        Array.Sort(sorted, values);
        // Rows of one input are one point.
        var blocks = new List<(float First, float Last, double Sum, int Count)>();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            double sum = 0;
            for (end = start; end < sorted.Length && sorted[end] == sorted[start]; end++)
                sum += values[end];
            blocks.Add((sorted[start], sorted[start], sum, end - start));
            while (blocks.Count > 1 && blocks[^2].Sum * blocks[^1].Count >= blocks[^1].Sum * blocks[^2].Count)
            {
                (float first, float last, double later, int count) = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (blocks[^1].First, last, blocks[^1].Sum + later, blocks[^1].Count + count);
            }
        }
        var points = new List<(float Input, float Value)>();
        foreach ((float first, float last, double sum, int count) in blocks)
        {
            float mean = (float)(sum / count);
            points.Add((first, mean));
            if (last > first)
                points.Add((last, mean));
        }
        return new IsotonicCurve([.. points.Select(p => p.Input)], [.. points.Select(p => p.Value)]);
    }

    /// <summary>The curve's value.</summary>
    public float At(float input)
    {
        if (input <= Inputs[0])
            return Values[0];
        if (input >= Inputs[^1])
            return Values[^1];
        int above = Array.BinarySearch(Inputs, input);
        if (above >= 0)
            return Values[above];
        above = ~above;
        float part = (input - Inputs[above - 1]) / (Inputs[above] - Inputs[above - 1]);
        return Values[above - 1] + (part * (Values[above] - Values[above - 1]));
    }
}
