using Microsoft.ML;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Soups;

/// <summary>Averages of fine-tuned models.</summary>
public static class ModelSoupCatalog
{
    /// <summary>
    /// A greedy soup (arXiv 2203.05482): the models are tried from the best to the worst, and each becomes part of the mean of the weights if
    /// the mean is at least as good with it. The result is never worse than the best model, on the rows that the score is measured on.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="models">Models that were fine-tuned from the same network, on the same classes: <c>Model</c> of the trained
    /// transformers.</param>
    /// <param name="score">Measures a model on validation rows; larger is better. NaN counts as worst.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are no models, one is another network than the first, or no score is a number.</exception>
    public static ModelSoup GreedySoup(this VisionOperationsCatalog catalog, IReadOnlyList<OnnxGraph> models, Func<OnnxGraph, double> score)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(score);
        if (models.Count == 0)
            throw new ArgumentException("There are no models to average.", nameof(models));
        // Refuses models that do not fit before the first one is scored.
        WeightMeans.Of(models, Equal(models.Count));
        double[] scores = [.. models.Select(score)];
        if (scores.All(double.IsNaN))
            throw new ArgumentException("The score of every model is NaN.", nameof(score));
        List<int> members = [];
        OnnxGraph? best = null;
        double reached = double.NegativeInfinity;
        foreach (int candidate in Enumerable.Range(0, models.Count).OrderByDescending(i => scores[i]))
        {
            int[] tried = [.. members, candidate];
            OnnxGraph mean = tried.Length == 1 ? models[candidate] : WeightMeans.Of([.. tried.Select(i => models[i])], Equal(tried.Length));
            double result = tried.Length == 1 ? scores[candidate] : score(mean);
            if (!(result >= reached))
                continue;
            (best, reached) = (mean, result);
            members.Add(candidate);
        }
        return new ModelSoup(best!, members, reached, scores);
    }

    /// <summary>
    /// The mean of two models' weights, for example of a model and one that was fine-tuned from it (WiSE-FT, arXiv 2109.01903).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="first">The first model.</param>
    /// <param name="second">The second model.</param>
    /// <param name="fraction">The weight of the second, 0 to 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The second is another network than the first.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is not between 0 and 1.</exception>
    public static OnnxGraph InterpolateModels(this VisionOperationsCatalog catalog, OnnxGraph first, OnnxGraph second, double fraction)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (fraction is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected 0 to 1.");
        return WeightMeans.Of([first, second], [1 - fraction, fraction]);
    }

    private static double[] Equal(int count) => [.. Enumerable.Repeat(1.0 / count, count)];
}
