using System.Numerics.Tensors;
using MLNetExtensions.Data.Splits;

namespace MLNetExtensions.Quality;

/// <summary>Predicts each part of the rows with a <see cref="LinearHead"/> that was trained on the others.</summary>
internal static class CrossValidatedScores
{
    /// <param name="features">[rows, length]; they are standardized in place.</param>
    /// <param name="length">The number of features.</param>
    /// <param name="labels">[rows].</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="options">The folds, their seed and the penalty.</param>
    /// <returns>[rows, classes].</returns>
    public static float[] Of(float[] features, int length, int[] labels, int classes, LabelErrorOptions options)
    {
        Standardize(features, length);
        int folds = Math.Min(options.Folds, labels.Length);
        int[] parts = RowAssignment.Rows(labels, [.. Enumerable.Repeat(1.0 / folds, folds)], options.Seed);
        float[] probabilities = new float[labels.Length * classes];
        // A fold's result is its own, however many run at once.
        Parallel.For(
            0,
            folds,
            new ParallelOptions { CancellationToken = options.CancellationToken },
            fold =>
            {
                int[] training = [.. Enumerable.Range(0, labels.Length).Where(row => parts[row] != fold)];
                LinearHead head = LinearHead.Train(
                    features,
                    length,
                    labels,
                    training,
                    classes,
                    options.L2Regularization,
                    options.CancellationToken
                );
                for (int row = 0; row < labels.Length; row++)
                    if (parts[row] == fold)
                        head.Predict(features.AsSpan(row * length, length), probabilities.AsSpan(row * classes, classes));
            }
        );
        return probabilities;
    }

    private static void Standardize(float[] features, int length)
    {
        int rows = features.Length / length;
        double[] sums = new double[length],
            squares = new double[length];
        for (int at = 0; at < features.Length; at += length)
        for (int i = 0; i < length; i++)
        {
            sums[i] += features[at + i];
            squares[i] += (double)features[at + i] * features[at + i];
        }
        float[] means = [.. sums.Select(sum => (float)(sum / rows))],
            scales = new float[length];
        for (int i = 0; i < length; i++)
        {
            double variance = (squares[i] / rows) - ((double)means[i] * means[i]);
            scales[i] = variance > 1e-12 ? (float)(1 / Math.Sqrt(variance)) : 0;
        }
        for (int at = 0; at < features.Length; at += length)
        {
            Span<float> row = features.AsSpan(at, length);
            TensorPrimitives.Subtract(row, means, row);
            TensorPrimitives.Multiply(row, scales, row);
        }
    }
}
