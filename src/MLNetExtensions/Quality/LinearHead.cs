using System.Numerics.Tensors;
using MLNetExtensions.Training;

namespace MLNetExtensions.Quality;

/// <summary>
/// Multinomial logistic regression on features in memory, by L-BFGS on one thread: the same result on every machine's number of threads,
/// without a training runtime.
/// </summary>
internal sealed class LinearHead
{
    // Sums of so many rows are of floats; these sums are added in double precision.
    private const int BlockRows = 128;

    private readonly float[] _weights;
    private readonly int _length,
        _classes;

    private LinearHead(float[] weights, int length, int classes) => (_weights, _length, _classes) = (weights, length, classes);

    /// <summary>Trains.</summary>
    /// <param name="features">[all rows, length], standardized.</param>
    /// <param name="length">The number of features.</param>
    /// <param name="labels">[all rows].</param>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="penalty">The penalty on squared weights, beside the sum of the rows' losses; biases have none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static LinearHead Train(
        float[] features,
        int length,
        int[] labels,
        int[] rows,
        int classes,
        double penalty,
        CancellationToken cancellation
    )
    {
        int size = classes * length;
        double[] point = new double[size + classes];
        float[] weights = new float[point.Length],
            block = new float[point.Length],
            scores = new float[classes];
        LimitedMemoryBfgs.Minimize(
            (at, gradient) =>
            {
                cancellation.ThrowIfCancellationRequested();
                gradient.Clear();
                TensorPrimitives.ConvertTruncating<double, float>(at, weights);
                double loss = 0;
                for (int first = 0; first < rows.Length; first += BlockRows)
                {
                    Array.Clear(block);
                    foreach (int row in rows.AsSpan(first, Math.Min(BlockRows, rows.Length - first)))
                    {
                        ReadOnlySpan<float> x = features.AsSpan(row * length, length);
                        Score(weights, x, scores);
                        loss -= Math.Log(Math.Max(scores[labels[row]], float.Epsilon));
                        scores[labels[row]] -= 1;
                        for (int c = 0; c < classes; c++)
                        {
                            Span<float> own = block.AsSpan(c * length, length);
                            TensorPrimitives.MultiplyAdd(x, scores[c], own, own);
                            block[size + c] += scores[c];
                        }
                    }
                    for (int i = 0; i < block.Length; i++)
                        gradient[i] += block[i];
                }
                loss /= rows.Length;
                TensorPrimitives.Divide(gradient, rows.Length, gradient);
                double decay = penalty / rows.Length;
                loss += decay / 2 * TensorPrimitives.SumOfSquares(at[..size]);
                TensorPrimitives.MultiplyAdd(at[..size], decay, gradient[..size], gradient[..size]);
                return loss;
            },
            point,
            maximumIterations: 100,
            tolerance: 1e-3
        );
        return new LinearHead([.. point.Select(value => (float)value)], length, classes);
    }

    /// <summary>The probabilities of a row.</summary>
    public void Predict(ReadOnlySpan<float> row, Span<float> probabilities)
    {
        if (row.Length != _length || probabilities.Length != _classes)
            throw new ArgumentException($"Expected {_length} features and room for {_classes} classes.", nameof(row));
        Score(_weights, row, probabilities);
    }

    private static void Score(float[] weights, ReadOnlySpan<float> x, Span<float> probabilities)
    {
        int size = probabilities.Length * x.Length;
        for (int c = 0; c < probabilities.Length; c++)
            probabilities[c] = TensorPrimitives.Dot(x, weights.AsSpan(c * x.Length, x.Length)) + weights[size + c];
        TensorPrimitives.Subtract(probabilities, TensorPrimitives.Max<float>(probabilities), probabilities);
        TensorPrimitives.SoftMax<float>(probabilities, probabilities);
    }
}
