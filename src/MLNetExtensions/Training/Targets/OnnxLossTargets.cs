using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training.Targets;

/// <summary>The targets of a task as the graph of a loss takes them: classes or values, and behind them the weight of the row.</summary>
/// <param name="labels">The task's targets.</param>
/// <param name="loss">The loss.</param>
internal sealed class OnnxLossTargets(TrainingTargets labels, OnnxLoss loss) : TrainingTargets
{
    public override int Width => labels.Width;

    public override int[]? Labels => labels.Labels;

    public override int TargetWidth(bool training) => loss.TargetWidth(Width);

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        int width = loss.TargetWidth(Width),
            values = width - 1;
        if (!loss.TakesClasses)
            labels.Encode(rows, training: false, targets);
        float total = 0;
        // From the last row on: a row moves to where the rows behind it were.
        for (int row = rows.Length - 1; row >= 0; row--)
        {
            Span<float> target = targets.Slice(row * width, width);
            if (loss.TakesClasses)
                target[0] = Labels![rows[row]];
            else
                targets.Slice(row * values, values).CopyTo(target);
            target[values] = training && Labels is { } classes ? loss.WeightOf(classes[rows[row]]) : 1;
            total += target[values];
        }
        return total;
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => labels.Measure(rows, outputs);

    public override string Fingerprint() => labels.Fingerprint();
}
