using MLNetExtensions.Reports.Content;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Classes;

/// <summary>The figures of a model that looks at no image: it always answers the most frequent class.</summary>
internal static class ClassBaseline
{
    public static ClassBaselineContent Of(ClassificationReport report)
    {
        ClassMetrics most = report.Classes.MaxBy(c => c.Support)!;
        double accuracy = (double)most.Support / report.Count;
        int present = report.Classes.Count(c => c.Support > 0);
        // Its one class has a recall of 1 and a precision of its share; the others have an F1 of 0.
        double f1 = 2 * accuracy / (1 + accuracy);
        double entropy = report.Classes.Where(c => c.Support > 0).Sum(c => -Share(c) * Math.Log(Share(c)));
        return new ClassBaselineContent(most.Name, accuracy, 1.0 / present, f1 / present, entropy);

        double Share(ClassMetrics c) => (double)c.Support / report.Count;
    }
}
