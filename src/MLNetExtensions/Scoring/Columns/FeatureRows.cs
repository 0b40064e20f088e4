namespace MLNetExtensions.Scoring.Columns;

/// <summary>Rows of features in memory.</summary>
/// <param name="Values">[rows, length].</param>
/// <param name="Length">The number of values of a row.</param>
/// <param name="Labels">The class of each row, from 0; null where there are none.</param>
internal sealed record FeatureRows(float[] Values, int Length, int[]? Labels)
{
    public int Count => Values.Length / Length;

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Length, Length);
}
