namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>
/// The nonconformity scores of a row's classes, in the same order of the same operations on floats as <see cref="ConformalSetGraph"/>: a
/// calibration row at the threshold is inside in both.
/// </summary>
/// <param name="options">The method.</param>
/// <param name="classes">The number of classes.</param>
internal sealed class NonconformityScores(ConformalSetOptions options, int classes)
{
    private readonly int[] _order = new int[classes];
    private readonly float[] _negated = new float[classes];

    /// <summary>True if the scores use a uniform number.</summary>
    public static bool IsRandomized(ConformalSetOptions options) => options.Randomized && options.Method != ConformalMethod.Lac;

    /// <summary>The penalty of a place in the order of probabilities, from 0.</summary>
    public static float PenaltyOf(ConformalSetOptions options, int place) =>
        options.Method == ConformalMethod.Raps ? options.Penalty * Math.Max(0, place + 1 - options.FreeClasses) : 0;

    /// <summary>Computes the score of each class.</summary>
    /// <param name="probabilities">[classes].</param>
    /// <param name="uniform">A number of 0 to 1, where the method is randomized.</param>
    /// <param name="scores">Receives [classes].</param>
    public void Compute(ReadOnlySpan<float> probabilities, float uniform, Span<float> scores)
    {
        if (options.Method == ConformalMethod.Lac)
        {
            for (int c = 0; c < classes; c++)
                scores[c] = 1 - probabilities[c];
            return;
        }
        for (int c = 0; c < classes; c++)
            (_order[c], _negated[c]) = (c, -probabilities[c]);
        // Of equal ones the lower class comes first, as ONNX's TopK has it; the sort itself does not keep their order.
        Array.Sort(_negated, _order);
        for (int start = 0, end; start < classes; start = end)
        {
            for (end = start + 1; end < classes && _negated[end] == _negated[start]; )
                end++;
            if (end - start > 1)
                Array.Sort(_order, start, end - start);
        }
        float sum = 0;
        bool isRandomized = IsRandomized(options);
        for (int place = 0; place < classes; place++)
        {
            float own = -_negated[place];
            sum += own;
            float score = sum;
            if (isRandomized)
                score -= uniform * own;
            if (options.Method == ConformalMethod.Raps)
                score += PenaltyOf(options, place);
            scores[_order[place]] = score;
        }
    }
}
