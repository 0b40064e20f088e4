using System.Globalization;
using System.Text;

namespace MLNetExtensions.Uncertainty.Selective;

/// <summary>
/// How often a classifier is wrong if it answers the rows alone that it is most sure of, and leaves the others to a person (selective
/// prediction). <see cref="ToString()"/> prints it.
/// </summary>
public sealed class RiskCoverageCurve
{
    private RiskCoverageCurve(RiskCoveragePoint[] points, long count, double area, double excess) =>
        (Points, Count, Area, ExcessArea) = (points, count, area, excess);

    /// <summary>A point for each confidence that occurs, from the highest down: the last one answers all rows.</summary>
    public IReadOnlyList<RiskCoveragePoint> Points { get; }

    /// <summary>The number of rows.</summary>
    public long Count { get; }

    /// <summary>AURC: the mean risk over all coverages (<see href="https://arxiv.org/abs/1805.08206">arXiv 1805.08206</see>); 0 is perfect.</summary>
    public double Area { get; }

    /// <summary>E-AURC: <see cref="Area"/> less that of the best order of the same mistakes, all of them last.</summary>
    public double ExcessArea { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="confidences">[rows]: larger is surer.</param>
    /// <param name="isCorrect">[rows].</param>
    /// <exception cref="ArgumentException">There are no rows, the sizes differ, or a confidence is not a number.</exception>
    public static RiskCoverageCurve Compute(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> isCorrect)
    {
        int n = confidences.Length;
        if (n == 0)
            throw new ArgumentException("There are no rows, so there is nothing to measure.", nameof(confidences));
        if (isCorrect.Length != n)
            throw new ArgumentException($"There are {isCorrect.Length} results for {n} confidences.", nameof(isCorrect));
        float[] negated = new float[n];
        for (int row = 0; row < n; row++)
            negated[row] = float.IsNaN(confidences[row])
                ? throw new ArgumentException($"The confidence of row {row} is not a number.", nameof(confidences))
                : -confidences[row];
        bool[] sorted = isCorrect.ToArray();
        Array.Sort(negated, sorted);
        var points = new List<RiskCoveragePoint>();
        double area = 0;
        int wrong = 0;
        for (int start = 0, end; start < n; start = end)
        {
            int wrongHere = 0;
            for (end = start; end < n && negated[end] == negated[start]; end++)
                wrongHere += sorted[end] ? 0 : 1;
            // Rows that are equally sure come in no order: the mean over all orders.
            for (int i = start; i < end; i++)
                area += (wrong + ((double)wrongHere * (i + 1 - start) / (end - start))) / (i + 1);
            wrong += wrongHere;
            points.Add(new RiskCoveragePoint(-negated[start], (double)end / n, (double)wrong / end));
        }
        double best = 0;
        for (int i = n - wrong; i < n; i++)
            best += (double)(i + 1 - (n - wrong)) / (i + 1);
        return new RiskCoverageCurve([.. points], n, area / n, (area - best) / n);
    }

    /// <summary>
    /// The point with the most rows whose risk, and that of all points before it, is at most a limit; null if the surest rows are wrong
    /// more often already.
    /// </summary>
    /// <param name="risk">The largest part of answered rows that may be wrong.</param>
    /// <remarks>Choose it on other rows than those that it is judged by: the surest of a small set are right by chance, too.</remarks>
    public RiskCoveragePoint? AtRisk(double risk)
    {
        RiskCoveragePoint? found = null;
        foreach (RiskCoveragePoint point in Points)
        {
            if (point.Risk > risk)
                break;
            found = point;
        }
        return found;
    }

    /// <summary>The point with the fewest rows that answers a part of the rows.</summary>
    /// <param name="coverage">The part, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is out of range.</exception>
    public RiskCoveragePoint AtCoverage(double coverage)
    {
        if (coverage is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "Expected above 0 and at most 1.");
        return Points.First(point => point.Coverage >= coverage - 1e-12);
    }

    /// <summary>Formats the curve at some coverages.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Rows: {Count}, AURC: {Area:0.0000}, above the best order: {ExcessArea:0.0000}\n");
        foreach (double coverage in (double[])[0.5, 0.7, 0.8, 0.9, 0.95, 1])
        {
            RiskCoveragePoint point = AtCoverage(coverage);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{point.Coverage, 7:0.0%} answered (confidence {point.Threshold:0.000} and more): {point.Risk:0.0%} wrong\n"
            );
        }
        return text.ToString();
    }
}
