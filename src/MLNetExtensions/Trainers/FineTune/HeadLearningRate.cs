using System.Numerics.Tensors;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The learning rate of a head by SGD with Nesterov momentum of 0.9: as high as suits features of all kinds, but never beyond what the
/// loss's curvature allows. The curvature of a linear layer on standardized features is at most that of the loss by its outputs times the
/// largest eigenvalue of the features' covariance; weight decay comes on top.
/// </summary>
internal static class HeadLearningRate
{
    /// <summary>Nesterov momentum of 0.9 is stable up to 2 * 1.9 / 2.8 = 1.36 over the curvature.</summary>
    private const double Stable = 1.2;

    private const int MaximumRows = 512,
        Iterations = 12;

    /// <param name="features">The features.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="mean">Their features' means.</param>
    /// <param name="deviation">Their features' standard deviations.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="outputs">The number of the head's outputs.</param>
    /// <param name="decay">The weight decay.</param>
    /// <param name="batchSize">The rows of a step.</param>
    /// <param name="dropout">The fraction of features that is dropped; the others grow by as much.</param>
    public static float Of(
        ITrainingRows features,
        int[] rows,
        float[] mean,
        float[] deviation,
        Loss loss,
        int outputs,
        double decay,
        int batchSize,
        float dropout
    )
    {
        // A standardized row's squared length is its number of features: the curvature at its largest, where all features are alike.
        double usual = 4.0 / mean.Length;
        double largest = LargestEigenvalue(features, rows, mean, deviation);
        // A batch of few rows varies along more directions than all rows do on average (Marchenko and Pastur); the bias adds one.
        double ofBatch = Math.Sqrt(largest) + Math.Sqrt((double)mean.Length / Math.Min(batchSize, rows.Length));
        double curvature = Curvature(loss, outputs) * (1 + Math.Min(ofBatch * ofBatch, mean.Length) / (1 - dropout));
        // Features that are not finite make a loss that is not; training says so.
        return double.IsFinite(curvature) ? (float)Math.Min(usual, Stable / (curvature + decay)) : (float)usual;
    }

    /// <summary>The largest second derivative of a row's loss by its outputs.</summary>
    private static double Curvature(Loss loss, int outputs) =>
        loss switch
        {
            MeanSquaredError => 2.0 / outputs,
            Huber => 1.0 / outputs,
            BinaryCrossEntropy binary => 0.25 * Math.Max(1, binary.PositiveWeights?.Max() ?? 1) / outputs,
            Ordinal ordinal => 0.25 * Math.Max(1, ordinal.LevelWeights?.Max() ?? 1),
            Focal focal => 0.5 * (1 + focal.Gamma) * Math.Max(1, focal.Alpha?.Max() ?? 1),
            // Nothing is known of it: that of one squared error, the highest of the library's own losses with their defaults.
            OnnxLoss => 2,
            // diag(p) - p p' has no eigenvalue above one half.
            _ => 0.5,
        };

    /// <summary>The largest eigenvalue of the features' covariance, on some of the rows.</summary>
    private static double LargestEigenvalue(ITrainingRows features, int[] rows, float[] mean, float[] deviation)
    {
        int size = mean.Length,
            count = Math.Min(rows.Length, MaximumRows);
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Length / count)])];
        float[] values = FeatureStatistics.Standardize(features, chosen, mean, deviation);
        return PowerIteration.LargestEigenvalue(
            size,
            Iterations,
            (direction, next) =>
            {
                Array.Clear(next);
                for (int row = 0; row < count; row++)
                {
                    ReadOnlySpan<float> own = values.AsSpan(row * size, size);
                    TensorPrimitives.MultiplyAdd(own, TensorPrimitives.Dot(own, direction) / count, next, next);
                }
            }
        );
    }
}
