using System.Numerics.Tensors;
using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search.Samplers;

/// <summary>
/// A density over a space: a kernel around each point, and a wide one over the whole space, so that no place is impossible. Kernels are
/// normal distributions cut off at the ends of the space; for choices they are counts.
/// </summary>
internal sealed class ParzenEstimator
{
    private const double WidthOfSpace = 0.2;

    private readonly Dimension[] _dimensions;

    // By kernel, the last of them the wide one.
    private readonly double[] _logWeights;

    // By dimension and kernel; for a choice by dimension, kernel and value.
    private readonly double[][] _means,
        _widths;
    private readonly double[][][] _probabilities;

    /// <param name="dimensions">The dimensions.</param>
    /// <param name="points">The points, by age.</param>
    /// <param name="weights">The weight of each point; the wide kernel has 1.</param>
    /// <param name="isMultivariate">
    /// True for widths that follow from the number of points and dimensions alone; false for widths that follow from the points beside.
    /// </param>
    public ParzenEstimator(Dimension[] dimensions, double[][] points, double[] weights, bool isMultivariate)
    {
        _dimensions = dimensions;
        double total = weights.Sum() + 1;
        _logWeights = [.. weights.Append(1).Select(weight => Math.Log(weight / total))];
        _means = new double[dimensions.Length][];
        _widths = new double[dimensions.Length][];
        _probabilities = new double[dimensions.Length][][];
        for (int d = 0; d < dimensions.Length; d++)
        {
            double[] values = [.. points.Select(point => point[d])];
            if (dimensions[d].ChoiceCount > 0)
                _probabilities[d] = Counts(values, dimensions[d].ChoiceCount);
            else
                (_means[d], _widths[d]) = Kernels(dimensions[d], values, isMultivariate ? dimensions.Length : 0);
        }
    }

    /// <summary>Draws a point.</summary>
    public double[] Draw(Random random)
    {
        int kernel = Pick([.. _logWeights.Select(Math.Exp)], random);
        double[] point = new double[_dimensions.Length];
        for (int d = 0; d < point.Length; d++)
            point[d] = _dimensions[d]
                .Snap(
                    _dimensions[d].ChoiceCount > 0
                        ? Pick(_probabilities[d][kernel], random)
                        : NormalDistribution.DrawBetween(
                            _dimensions[d].Low,
                            _dimensions[d].High,
                            _means[d][kernel],
                            _widths[d][kernel],
                            random
                        )
                );
        return point;
    }

    /// <summary>The logarithm of the density at a point; for whole numbers of the mass of the value.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        double[] kernels = [.. _logWeights];
        for (int d = 0; d < _dimensions.Length; d++)
        {
            Dimension dimension = _dimensions[d];
            (double low, double high) = dimension.CellOf(point[d]);
            for (int k = 0; k < kernels.Length; k++)
                kernels[k] +=
                    dimension.ChoiceCount > 0
                        ? Math.Log(_probabilities[d][k][(int)point[d]])
                        : NormalDistribution.LogMass(low, high, _means[d][k], _widths[d][k])
                            - NormalDistribution.LogMass(dimension.Low, dimension.High, _means[d][k], _widths[d][k]);
        }
        double highest = TensorPrimitives.Max<double>(kernels);
        return highest + Math.Log(kernels.Sum(kernel => Math.Exp(kernel - highest)));
    }

    private static double[][] Counts(double[] values, int choices)
    {
        int kernels = values.Length + 1;
        double[][] counts = [.. Enumerable.Range(0, kernels).Select(_ => Enumerable.Repeat(1.0 / kernels, choices).ToArray())];
        for (int k = 0; k < values.Length; k++)
            counts[k][(int)values[k]] += 1;
        foreach (double[] kernel in counts)
            TensorPrimitives.Divide(kernel, kernel.Sum(), kernel);
        return counts;
    }

    /// <summary>The means and widths of kernels.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="values">The points' coordinates.</param>
    /// <param name="together">The number of dimensions that are estimated together; 0 for one alone.</param>
    private static (double[] Means, double[] Widths) Kernels(Dimension dimension, double[] values, int together)
    {
        double range = dimension.High - dimension.Low;
        double[] means = [.. values, (dimension.Low + dimension.High) / 2];
        double[] widths =
            together > 0
                ? [.. means.Select(_ => WidthOfSpace * Math.Pow(Math.Max(values.Length, 1), -1.0 / (together + 4)) * range)]
                : DistancesToNeighbors(means, dimension.Low, dimension.High);
        double narrowest = range / Math.Min(100, 1 + means.Length);
        for (int k = 0; k < widths.Length; k++)
            widths[k] = Math.Clamp(widths[k], narrowest, range);
        widths[^1] = range;
        return (means, widths);
    }

    /// <summary>The larger one of each point's distances to its neighbors; the outermost have the distance to their only neighbor.</summary>
    private static double[] DistancesToNeighbors(double[] values, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        double[] ordered = [low, .. order.Select(i => values[i]), high];
        double[] widths = new double[values.Length];
        for (int place = 0; place < order.Length; place++)
            widths[order[place]] = Math.Max(ordered[place + 1] - ordered[place], ordered[place + 2] - ordered[place + 1]);
        if (order.Length >= 2)
        {
            widths[order[0]] = ordered[2] - ordered[1];
            widths[order[^1]] = ordered[^2] - ordered[^3];
        }
        return widths;
    }

    private static int Pick(double[] probabilities, Random random)
    {
        double left = random.NextDouble() * probabilities.Sum();
        for (int i = 0; i < probabilities.Length - 1; i++)
            if ((left -= probabilities[i]) < 0)
                return i;
        return probabilities.Length - 1;
    }
}
