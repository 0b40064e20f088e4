using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>Classes of labeled rows; zeros for the unlabeled rows behind them, whose pseudo-labels come later.</summary>
/// <param name="labels">The targets of labeled rows.</param>
/// <param name="firstUnlabeled">The first row without a label.</param>
internal sealed class PseudoLabelTargets(TrainingTargets labels, int firstUnlabeled) : TrainingTargets
{
    public override int Width => labels.Width;

    public override bool KeepsOutputs => labels.KeepsOutputs;

    public override int[]? Labels => labels.Labels;

    public override int TargetWidth(bool training) => labels.TargetWidth(training);

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        int known = UnlabeledOrder.CountLabeled(rows, firstUnlabeled);
        int width = TargetWidth(training);
        targets[(known * width)..(rows.Length * width)].Clear();
        return labels.Encode(rows[..known], training, targets[..(known * width)]);
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => labels.Measure(rows, outputs);

    public override void BeginSet() => labels.BeginSet();

    public override SetMeasures MeasureSet() => labels.MeasureSet();

    public override string Fingerprint() => labels.Fingerprint();
}
