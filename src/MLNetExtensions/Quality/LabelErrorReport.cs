using System.Globalization;
using System.Text;

namespace MLNetExtensions.Quality;

/// <summary>The rows of a data set whose labels are probably wrong. <see cref="ToString()"/> prints the worst.</summary>
public sealed class LabelErrorReport
{
    private const int Listed = 20;

    private readonly int[,] _counts;

    internal LabelErrorReport(
        IReadOnlyList<LabelIssue> issues,
        IReadOnlyList<float> qualities,
        IReadOnlyList<string> classes,
        double accuracy,
        int[,] counts
    ) => (Issues, Qualities, Classes, Accuracy, _counts) = (issues, qualities, classes, accuracy, counts);

    /// <summary>The rows, the worst label first.</summary>
    public IReadOnlyList<LabelIssue> Issues { get; }

    /// <summary>How good the label of each row is, 0 to 1, in the order of the data.</summary>
    public IReadOnlyList<float> Qualities { get; }

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The part of rows whose most probable class, by models that did not see them, is the given label.</summary>
    public double Accuracy { get; }

    /// <summary>The part of rows that the joint distribution of given and true classes has beside its diagonal: an estimate of the wrong labels.</summary>
    public double EstimatedErrorRate => 1 - (Enumerable.Range(0, Classes.Count).Sum(c => (double)_counts[c, c]) / Qualities.Count);

    /// <summary>The estimated part of rows that are labeled as one class and are another.</summary>
    /// <param name="given">The given class, from 0.</param>
    /// <param name="actual">The true class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double JointOf(int given, int actual)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(given);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(given, Classes.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(actual);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(actual, Classes.Count);
        return (double)_counts[given, actual] / Qualities.Count;
    }

    /// <summary>Formats the worst issues as a table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"Labels: {Qualities.Count}, probably wrong: {Issues.Count} (estimated part of wrong labels: {EstimatedErrorRate:0.0%}; predictions agree with {Accuracy:0.0%})\n"
        );
        if (Issues.Count == 0)
            return text.ToString();
        LabelIssue[] worst = [.. Issues.Take(Listed)];
        int given = Math.Max(5, worst.Max(issue => issue.GivenLabel.Length)),
            suggested = Math.Max(9, worst.Max(issue => issue.SuggestedLabel.Length));
        text.Append(CultureInfo.InvariantCulture, $"{"row", 8}  {"given".PadRight(given)}  {"suggested".PadRight(suggested)}  quality\n");
        foreach (LabelIssue issue in worst)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{issue.Row, 8}  {issue.GivenLabel.PadRight(given)}  {issue.SuggestedLabel.PadRight(suggested)}  {issue.Quality, 7:0.000}  {issue.Path}\n"
            );
        if (Issues.Count > Listed)
            text.Append(CultureInfo.InvariantCulture, $"... and {Issues.Count - Listed} more.\n");
        return text.ToString();
    }
}
