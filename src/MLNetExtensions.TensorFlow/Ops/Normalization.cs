namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>The shared steps of normalizations by a value's own statistics, with gradients that take only a few ops.</summary>
internal static class Normalization
{
    /// <summary>The value less its mean over axes, divided by its standard deviation there.</summary>
    public static Symbol Normalize(OpCompilation op, Symbol x, long[] axes, double epsilon, out Symbol mean, out Symbol inverse)
    {
        TensorFlowGraph g = op.Graph;
        Symbol average = Mean(g, x, axes);
        Symbol centered = x - average;
        Symbol factor = g.Rsqrt(Mean(g, g.Square(centered), axes) + epsilon);
        Symbol normalized = centered * factor;
        // The statistics are outputs of LayerNormalization, which may be derived through too.
        Symbol[] results = op.StepToMany(
            [x],
            [normalized, average, factor],
            outputs =>
            {
                Symbol? gradient = null;
                if (outputs[0] is { } dy)
                    Add(factor * (dy - Mean(g, dy, axes) - normalized * Mean(g, dy * normalized, axes)));
                double share = 1.0 / axes.Aggregate(1L, (count, axis) => count * x.Shape[axis]);
                if (outputs[1] is { } ofMean)
                    Add(g.BroadcastTo(ofMean * share, x.Shape));
                if (outputs[2] is { } ofInverse)
                    Add(normalized * (ofInverse * g.Square(factor) * -share));
                return [gradient];

                void Add(Symbol term) => gradient = gradient is { } sum ? sum + term : term;
            }
        );
        (mean, inverse) = (results[1], results[2]);
        return results[0];
    }

    /// <summary>
    /// The mean, over one axis after another where they are not side by side: over both at once TensorFlow takes three times as long.
    /// </summary>
    private static Symbol Mean(TensorFlowGraph g, Symbol x, long[] axes) =>
        axes[^1] - axes[0] == axes.Length - 1
            ? g.Mean(x, axes, keep: true)
            : axes.Aggregate(x, (mean, axis) => g.Mean(mean, [axis], keep: true));

    /// <summary>Scaled and moved by values that broadcast to the normalized one.</summary>
    public static Symbol Affine(OpCompilation op, Symbol normalized, Symbol scale, Symbol? bias)
    {
        TensorFlowGraph g = op.Graph;
        Symbol y = op.Step(
            [normalized, scale],
            normalized * scale,
            outputs => [outputs[0]!.Value * scale, g.SumTo(outputs[0]!.Value * normalized, scale.Shape)]
        );
        return bias is { } b ? op.Step([y, b], y + b, outputs => [outputs[0], g.SumTo(outputs[0]!.Value, b.Shape)]) : y;
    }
}
