using System.Numerics.Tensors;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>
/// The squared Mahalanobis distance to the nearest class's mean, with one covariance for all classes
/// (<see href="https://arxiv.org/abs/1807.03888">arXiv 1807.03888</see>); without a label column, to the mean of all rows.
/// </summary>
public sealed record MahalanobisScore : OutlierScore
{
    /// <summary>The part of the mean variance that is added to each variance, above 0: it makes the covariance of few rows invertible.</summary>
    /// <value>The default is 0.01.</value>
    public float Regularization { get; init; } = 0.01f;

    internal override void Check(OptionProblems problems) =>
        problems.Check(Regularization > 0 && float.IsFinite(Regularization), nameof(Regularization), Regularization, "above 0");

    internal override string Fit(FeatureRows rows, ColumnGraph graph, string input, Span<float> own)
    {
        int length = rows.Length;
        double[][] means = Means(rows);
        double[] factor = Cholesky.Factor(Covariance(rows, means), length);
        // Of the covariance L L', (x - m)' (L L')^-1 (x - m) is the squared length of L^-1 (x - m).
        double[] inverse = Cholesky.InverseOfLower(factor, length);
        float[] whitening = new float[length * length];
        for (int row = 0; row < length; row++)
        for (int column = 0; column <= row; column++)
            whitening[(column * length) + row] = (float)inverse[(row * length) + column];
        // The mean of all is taken first: features far from 0 would lose digits.
        float[] center = [.. Center(means, rows).Select(value => (float)value)];
        float[] places = new float[means.Length * length];
        for (int c = 0; c < means.Length; c++)
        for (int row = 0; row < length; row++)
        {
            double sum = 0;
            for (int column = 0; column <= row; column++)
                sum += inverse[(row * length) + column] * (means[c][column] - center[column]);
            places[(c * length) + row] = (float)sum;
        }
        float[] found = new float[rows.Count];
        Parallel.For(
            0,
            rows.Count,
            () => new float[2 * length],
            (row, _, work) =>
            {
                Span<float> centered = work.AsSpan(0, length),
                    white = work.AsSpan(length);
                TensorPrimitives.Subtract(rows.Row(row), center, centered);
                white.Clear();
                for (int i = 0; i < length; i++)
                    TensorPrimitives.MultiplyAdd(whitening.AsSpan(i * length, length), centered[i], white, white);
                found[row] = float.MaxValue;
                for (int c = 0; c < means.Length; c++)
                {
                    float distance = TensorPrimitives.Distance<float>(white, places.AsSpan(c * length, length));
                    found[row] = MathF.Min(found[row], distance * distance);
                }
                return work;
            },
            _ => { }
        );
        found.CopyTo(own);

        var nodes = new GraphNodes(graph);
        string moved = nodes.Add("Sub", input, graph.Floats("center", [1, length], center));
        string whitened = nodes.Add("MatMul", moved, graph.Floats("whitening", [length, length], whitening));
        string apart = nodes.Add(
            "Sub",
            nodes.Add("Unsqueeze", whitened, graph.Integers("classes", 1)),
            graph.Floats("means", [1, means.Length, length], places)
        );
        string squared = graph.Nodes.Add("ReduceSumSquare", [apart], OnnxAttribute.Of("axes", [2L]), OnnxAttribute.Of("keepdims", 0L));
        return graph.Nodes.Add("ReduceMin", [squared], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 1L));
    }

    private static double[][] Means(FeatureRows rows)
    {
        int classes = rows.Labels is { } labels ? labels.Max() + 1 : 1;
        double[][] sums = [.. Enumerable.Range(0, classes).Select(_ => new double[rows.Length])];
        int[] counts = new int[classes];
        for (int row = 0; row < rows.Count; row++)
        {
            int c = rows.Labels?[row] ?? 0;
            counts[c]++;
            for (int i = 0; i < rows.Length; i++)
                sums[c][i] += rows.Row(row)[i];
        }
        for (int c = 0; c < classes; c++)
            if (counts[c] > 0)
                TensorPrimitives.Divide<double>(sums[c], counts[c], sums[c]);
        return [.. sums.Where((_, c) => counts[c] > 0)];
    }

    private static double[] Center(double[][] means, FeatureRows rows)
    {
        double[] center = new double[rows.Length];
        foreach (double[] mean in means)
            TensorPrimitives.Add<double>(center, mean, center);
        TensorPrimitives.Divide<double>(center, means.Length, center);
        return center;
    }

    private double[] Covariance(FeatureRows rows, double[][] means)
    {
        int length = rows.Length;
        int[] meanOf = Numbered(rows);
        double[] covariance = new double[length * length];
        // Each thread has rows of the matrix of its own, and adds the data's rows in their order.
        Parallel.For(
            0,
            length,
            () => new double[length],
            (i, _, centered) =>
            {
                Span<double> target = covariance.AsSpan(i * length, i + 1);
                for (int row = 0; row < rows.Count; row++)
                {
                    ReadOnlySpan<float> values = rows.Row(row)[..(i + 1)];
                    double[] mean = means[meanOf[row]];
                    double own = values[i] - mean[i];
                    if (own == 0)
                        continue;
                    TensorPrimitives.ConvertTruncating<float, double>(values, centered);
                    TensorPrimitives.Subtract(centered.AsSpan(0, i + 1), mean.AsSpan(0, i + 1), centered.AsSpan(0, i + 1));
                    TensorPrimitives.MultiplyAdd(centered.AsSpan(0, i + 1), own, target, target);
                }
                return centered;
            },
            _ => { }
        );
        double trace = 0;
        for (int i = 0; i < length; i++)
            trace += covariance[(i * length) + i];
        double count = rows.Count,
            added = Regularization * Math.Max(trace / count / length, 1e-12);
        for (int i = 0; i < length; i++)
        for (int j = 0; j <= i; j++)
        {
            double value = (covariance[(i * length) + j] / count) + (i == j ? added : 0);
            covariance[(i * length) + j] = covariance[(j * length) + i] = value;
        }
        return covariance;
    }

    /// <summary>The place of each row's class among the classes that have rows.</summary>
    private static int[] Numbered(FeatureRows rows)
    {
        if (rows.Labels is not { } labels)
            return new int[rows.Count];
        int[] present = [.. labels.Distinct().Order()];
        return [.. labels.Select(label => Array.BinarySearch(present, label))];
    }
}
