using MLNetExtensions.Training.Losses;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Losses;

/// <summary>
/// The losses this runtime has. Each is the differentiable twin of its record's <see cref="Loss.Sum"/>, divided by the target weight.
/// </summary>
internal static class TorchLosses
{
    /// <summary>The computation of a loss.</summary>
    /// <exception cref="NotSupportedException">The runtime does not have it.</exception>
    public static TorchLoss Create(Loss loss) =>
        loss switch
        {
            CrossEntropy => (logits, targets, weight) => SoftTargets(logits, targets).mul(-1 / weight),
            BinaryCrossEntropy binary => (logits, targets, weight) => Binary(binary, logits, targets).div(weight * Width(logits)),
            MeanSquaredError => (output, targets, weight) => output.sub(targets).square().sum().div(weight * Width(output)),
            Huber huber => (output, targets, weight) =>
                F.huber_loss(output, targets, huber.Delta, torch.nn.Reduction.Sum).div(weight * Width(output)),
            Focal focal => (logits, targets, weight) => Doubtful(focal, logits, targets).mul(-1 / weight),
            Distillation distillation => (logits, targets, weight) => Distill(distillation, logits, targets).div(weight),
            Ordinal ordinal => (logits, targets, weight) => Levels(ordinal, logits, targets).div(weight),
            _ => throw new NotSupportedException(
                $"The TorchSharp runtime has no loss {loss.GetType().Name}. It has {nameof(CrossEntropy)}, "
                    + $"{nameof(BinaryCrossEntropy)}, {nameof(MeanSquaredError)}, "
                    + $"{nameof(Huber)}, {nameof(Focal)}, {nameof(Distillation)}, {nameof(Ordinal)} and {nameof(OnnxLoss)}."
            ),
        };

    private static Tensor Binary(BinaryCrossEntropy rule, Tensor logits, Tensor targets)
    {
        Tensor positive = F.softplus(logits.neg()).mul(targets);
        if (rule.PositiveWeights is { } weights)
            positive = positive.mul(Row(weights, logits));
        return positive.add(F.softplus(logits).mul(1 - targets)).sum();
    }

    /// <summary>The sum of <c>target * (1 - p)^gamma * log(p)</c>.</summary>
    private static Tensor Doubtful(Focal rule, Tensor logits, Tensor targets)
    {
        Tensor logProbabilities = logits.log_softmax(-1);
        // A sure row has 1 - p = 0, where a power below 1 has no derivative; clamped values get none.
        Tensor doubt = (1 - logProbabilities.exp()).clamp_min(1e-12);
        return doubt.pow(rule.Gamma).mul(logProbabilities).mul(targets).sum();
    }

    private static Tensor Levels(Ordinal rule, Tensor logits, Tensor targets)
    {
        Tensor levels = F.softplus(logits.neg()).mul(targets).add(F.softplus(logits).mul(1 - targets));
        if (rule.LevelWeights is { } weights)
            levels = levels.mul(Row(weights, logits));
        return levels.sum();
    }

    private static Tensor Distill(Distillation rule, Tensor logits, Tensor targets)
    {
        int hints = rule.Hints;
        long width = logits.shape[^1] - hints;
        Tensor? difference = null;
        if (hints > 0)
        {
            difference = logits
                .narrow(-1, width, hints)
                .sub(targets.narrow(-1, 2 * width, hints))
                .square()
                .sum()
                .mul(rule.HintWeight / hints);
            logits = logits.narrow(-1, 0, width);
        }
        float temperature = rule.Temperature;
        Tensor logTeacher = targets.narrow(-1, width, width).div(temperature).log_softmax(-1);
        Tensor soft = logTeacher
            .exp()
            .mul(logTeacher.sub(logits.div(temperature).log_softmax(-1)))
            .sum()
            .mul(rule.Alpha * temperature * temperature);
        Tensor both = rule.Alpha == 1 ? soft : soft.add(SoftTargets(logits, targets.narrow(-1, 0, width)), rule.Alpha - 1);
        return difference is null ? both : both.add(difference);
    }

    /// <summary>The sum of <c>target * log_softmax(logits)</c>.</summary>
    private static Tensor SoftTargets(Tensor logits, Tensor targets) => logits.log_softmax(-1).mul(targets).sum();

    private static Tensor Row(IReadOnlyList<float> weights, Tensor like) => torch.tensor([.. weights], device: like.device);

    private static float Width(Tensor output) => output.numel() / output.shape[0];
}
