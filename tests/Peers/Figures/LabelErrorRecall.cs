using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Quality;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// 5 % of the labels of CIFAR-10's 10,000 test images are flipped to another class by chance; heads on ResNet-20's frozen features, which has
/// not seen these images, look for them.
/// </summary>
internal static class LabelErrorRecall
{
    private const double Flipped = 0.05;

    /// <summary>The part of the flipped labels in the longest ranked list of which at least 60 % are flipped, in %, mean of 3 draws.</summary>
    public static double? Measure()
    {
        var recalls = new List<double>();
        for (int seed = 1; seed <= 3; seed++)
        {
            ImageSet set = CifarView.Test;
            var random = new Random(seed);
            int[] order = [.. Enumerable.Range(0, set.Count)];
            random.Shuffle(order);
            HashSet<long> flipped = [.. order.Take((int)(Flipped * set.Count)).Select(row => (long)row)];
            foreach (long row in flipped)
                set.Labels[row] = (set.Labels[row] + 1 + random.Next(ImageSet.Classes.Length - 1)) % ImageSet.Classes.Length;
            var ml = new MLContext(seed);
            foreach (LabelErrorFilter filter in Enum.GetValues<LabelErrorFilter>())
            {
                LabelErrorReport report = ml.Vision()
                    .FindLabelErrors(
                        CifarView.Of(ml, set),
                        new LabelErrorOptions
                        {
                            Backbone = CifarView.ResNet20,
                            ImageColumnName = "Image",
                            Filter = filter,
                        }
                    );
                int right = 0,
                    best = 0;
                for (int i = 0; i < report.Issues.Count; i++)
                {
                    right += flipped.Contains(report.Issues[i].Row) ? 1 : 0;
                    if (right >= 0.6 * (i + 1))
                        best = right;
                }
                Console.WriteLine(
                    $"seed {seed}, {filter}: {report.Issues.Count} issues, {(double)right / report.Issues.Count:P1} of them flipped, {(double)right / flipped.Count:P1} of the flipped found; {(double)best / flipped.Count:P1} at 60 % precision; estimated errors {report.EstimatedErrorRate:P1}"
                );
                if (filter == new LabelErrorOptions().Filter)
                    recalls.Add(100.0 * best / flipped.Count);
            }
        }
        return recalls.Average();
    }
}
