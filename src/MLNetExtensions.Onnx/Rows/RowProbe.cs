namespace MLNetExtensions.Onnx.Rows;

/// <summary>
/// Tries whether a model's rows depend on each other: a row must come out the same beside other rows, at another place of the batch, and
/// alone.
/// </summary>
/// <param name="run">Runs the model on a batch of rows of the given kinds, each filled with <see cref="Samples"/> of its kind; gives for
/// each output the values of each row, or null where the model does not take them.</param>
/// <param name="most">The most rows that the model takes at once; at least 2.</param>
internal sealed class RowProbe(Func<int[], double[][][]?> run, int most = int.MaxValue)
{
    // Relative to a row's largest value. Kernels for other numbers of rows sum in another order; mixed rows differ far more than that.
    private const double Tolerance = 1e-4;

    private static readonly double[] Scales = [1, 255, 0.125, 20];

    /// <summary>Values of a row: other ones, in another range, for each kind.</summary>
    /// <param name="kind">0 to 3.</param>
    /// <param name="values">Receives them.</param>
    public static void Samples(int kind, Span<double> values)
    {
        var random = new Random(kind + 1);
        double scale = Scales[kind];
        // The range of pixels has no negative values.
        for (int i = 0; i < values.Length; i++)
            values[i] = scale * (kind == 1 ? random.NextDouble() : (2 * random.NextDouble()) - 1);
    }

    /// <summary>Tries the model.</summary>
    /// <returns>True if each row came out the same; null if the model could not be tried.</returns>
    public bool? AreIndependent()
    {
        int rows = Math.Min(most, 3);
        int[] first = [0, 1, 2],
            second = [0, 3, 1];
        if (run(first[..rows]) is not { } batch || run(second[..rows]) is not { } other)
            return null;
        for (int row = 0; row < rows; row++)
        {
            if (run([row]) is not { } alone)
                return null;
            int place = Array.IndexOf(second, row, 0, rows);
            for (int output = 0; output < batch.Length; output++)
                if (!AreEqual(batch[output][row], alone[output][0]) || (place >= 0 && !AreEqual(batch[output][row], other[output][place])))
                    return false;
        }
        return true;
    }

    private static bool AreEqual(double[] expected, double[] actual)
    {
        if (expected.Length != actual.Length)
            return false;
        double scale = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
            if (!expected[i].Equals(actual[i]) && !(Math.Abs(expected[i] - actual[i]) <= Tolerance * scale))
                return false;
        return true;
    }
}
