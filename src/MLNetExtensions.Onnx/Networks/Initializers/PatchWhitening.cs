namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>
/// Initial weights that give the patches of a set of images equal variance in all directions (arXiv 2404.00498, after the work of T.
/// Tippett and D. Page): the eigenvectors of the patches' covariance over the roots of their eigenvalues, then the same negated. A
/// convolution with them needs twice as many filters as a patch has values.
/// </summary>
public sealed record PatchWhitening : Initializer
{
    private readonly float[] _weights;
    private readonly int[] _shape;

    private PatchWhitening(float[] weights, int[] shape)
    {
        _weights = weights;
        _shape = shape;
    }

    /// <summary>Computes the weights.</summary>
    /// <param name="images">Standardized images after one another, each [channels, height, width]; a few thousand are enough.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="height">The height of an image.</param>
    /// <param name="width">The width of an image.</param>
    /// <param name="patch">The height and width of a patch.</param>
    /// <param name="epsilon">Added to the eigenvalues, so that directions without variance are not blown up.</param>
    /// <exception cref="ArgumentException">The images hold no whole number of images, or none.</exception>
    public static PatchWhitening Of(ReadOnlySpan<float> images, int channels, int height, int width, int patch = 2, double epsilon = 5e-4)
    {
        int size = channels * height * width,
            values = channels * patch * patch;
        if (images.Length == 0 || images.Length % size != 0)
            throw new ArgumentException(
                $"{images.Length} values are no whole number of images of {channels} x {height} x {width}.",
                nameof(images)
            );
        double[,] covariance = Covariance(images, channels, height, width, patch);
        (double[] variances, double[,] directions) = SymmetricEigen.Solve(covariance);
        float[] weights = new float[2 * values * values];
        for (int filter = 0; filter < values; filter++)
        for (int i = 0; i < values; i++)
        {
            float weight = (float)(directions[i, filter] / Math.Sqrt(variances[filter] + epsilon));
            weights[filter * values + i] = weight;
            weights[(filter + values) * values + i] = -weight;
        }
        return new PatchWhitening(weights, [2 * values, channels, patch, patch]);
    }

    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        shape.SequenceEqual(_shape)
            ? [.. _weights]
            : throw new ArgumentException(
                $"The whitening is for weights [{string.Join(", ", _shape)}], not [{string.Join(", ", shape)}].",
                nameof(shape)
            );

    private static double[,] Covariance(ReadOnlySpan<float> images, int channels, int height, int width, int patch)
    {
        int area = patch * patch,
            values = channels * area,
            size = channels * height * width;
        var sums = new double[values, values];
        var vector = new float[values];
        long count = 0;
        for (int start = 0; start < images.Length; start += size)
        for (int top = 0; top + patch <= height; top++)
        for (int left = 0; left + patch <= width; left++, count++)
        {
            for (int i = 0; i < values; i++)
                vector[i] = images[start + (i / area * height + top + i % area / patch) * width + left + i % patch];
            for (int i = 0; i < values; i++)
            for (int j = 0; j <= i; j++)
                sums[i, j] += (double)vector[i] * vector[j];
        }
        for (int i = 0; i < values; i++)
        for (int j = 0; j <= i; j++)
            sums[i, j] = sums[j, i] = sums[i, j] / count;
        return sums;
    }
}
