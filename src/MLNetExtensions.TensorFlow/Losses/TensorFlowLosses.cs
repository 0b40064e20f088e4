using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TensorFlow.Losses;

/// <summary>The losses this runtime has, as graphs of ops: each the differentiable twin of its record's <see cref="Loss.Sum"/>.</summary>
internal static class TensorFlowLosses
{
    /// <summary>Adds the loss summed over the rows.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="output">The network's first output, in 32 bits.</param>
    /// <param name="targets">The encoded targets.</param>
    /// <exception cref="NotSupportedException">The runtime does not have it.</exception>
    public static Symbol Sum(Loss loss, Symbol output, Symbol targets) =>
        loss switch
        {
            CrossEntropy => -SoftTargets(output, targets),
            BinaryCrossEntropy binary => SumAll(Levels(output, targets, binary.PositiveWeights, weighPositivesOnly: true)) / Width(output),
            MeanSquaredError => SumAll(output.Graph.Square(output - targets)) / Width(output),
            Huber huber => Sum(huber, output, targets) / Width(output),
            Focal focal => Sum(focal, output, targets),
            Distillation distillation => Sum(distillation, output, targets),
            Ordinal ordinal => SumAll(Levels(output, targets, ordinal.LevelWeights, weighPositivesOnly: false)),
            _ => throw Unknown(loss),
        };

    /// <summary>Checks that the runtime has a loss.</summary>
    /// <exception cref="NotSupportedException">It does not.</exception>
    public static void Check(Loss loss)
    {
        if (loss is not (CrossEntropy or BinaryCrossEntropy or MeanSquaredError or Huber or Focal or Distillation or Ordinal or OnnxLoss))
            throw Unknown(loss);
    }

    private static NotSupportedException Unknown(Loss loss) =>
        new(
            $"The TensorFlow runtime has no loss {loss.GetType().Name}. It has {nameof(CrossEntropy)}, {nameof(BinaryCrossEntropy)}, "
                + $"{nameof(MeanSquaredError)}, "
                + $"{nameof(Huber)}, {nameof(Focal)}, {nameof(Distillation)}, {nameof(Ordinal)} and {nameof(OnnxLoss)}."
        );

    private static Symbol Sum(Huber rule, Symbol output, Symbol targets)
    {
        TensorFlowGraph g = output.Graph;
        Symbol error = g.Abs(output - targets),
            near = g.Minimum(error, g.Scalar(rule.Delta, DataType.Float));
        return SumAll(g.Square(near) * 0.5 + (error - near) * rule.Delta);
    }

    private static Symbol Sum(Focal rule, Symbol logits, Symbol targets)
    {
        TensorFlowGraph g = logits.Graph;
        Symbol logProbabilities = LogSoftmax(logits);
        // A sure row has 1 - p = 0, where a power below 1 has no derivative; clamped values get none.
        Symbol doubt = g.Maximum(1 - g.Exp(logProbabilities), g.Scalar(1e-12, DataType.Float));
        return -SumAll(g.Pow(doubt, g.Scalar(rule.Gamma, DataType.Float)) * logProbabilities * targets);
    }

    private static Symbol Sum(Distillation rule, Symbol output, Symbol targets)
    {
        TensorFlowGraph g = output.Graph;
        int last = output.Rank - 1;
        long width = output.Shape[^1] - rule.Hints;
        Symbol logits = g.Narrow(output, last, 0, width);
        double temperature = rule.Temperature;
        Symbol logTeacher = LogSoftmax(g.Narrow(targets, last, width, width) / temperature);
        Symbol sum = SumAll(g.Exp(logTeacher) * (logTeacher - LogSoftmax(logits / temperature))) * (rule.Alpha * temperature * temperature);
        if (rule.Alpha != 1)
            sum += SoftTargets(logits, g.Narrow(targets, last, 0, width)) * (rule.Alpha - 1);
        if (rule.Hints > 0)
            sum +=
                SumAll(g.Square(g.Narrow(output, last, width, rule.Hints) - g.Narrow(targets, last, 2 * width, rule.Hints)))
                * (rule.HintWeight / rule.Hints);
        return sum;
    }

    /// <summary>Binary cross-entropy of each value.</summary>
    private static Symbol Levels(Symbol logits, Symbol targets, IReadOnlyList<float>? weights, bool weighPositivesOnly)
    {
        TensorFlowGraph g = logits.Graph;
        Symbol positive = g.Softplus(-logits) * targets,
            negative = g.Softplus(logits) * (1 - targets);
        if (weights is null)
            return positive + negative;
        Symbol row = g.Constant([.. weights], weights.Count);
        return weighPositivesOnly ? positive * row + negative : (positive + negative) * row;
    }

    /// <summary>The sum of <c>target * log_softmax(logits)</c>.</summary>
    private static Symbol SoftTargets(Symbol logits, Symbol targets) => SumAll(LogSoftmax(logits) * targets);

    /// <summary>TensorFlow's own takes rows only.</summary>
    private static Symbol LogSoftmax(Symbol x)
    {
        long[] shape = x.Shape;
        TensorFlowGraph g = x.Graph;
        return shape.Length == 2
            ? g.LogSoftmax(x)
            : g.Reshape(g.LogSoftmax(g.Reshape(x, x.Shape.Aggregate(1L, (a, b) => a * b) / shape[^1], shape[^1])), shape);
    }

    private static Symbol SumAll(Symbol x) => x.Graph.SumAll(x);

    private static double Width(Symbol output) => output.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
}
