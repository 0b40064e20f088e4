using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training.Targets;

/// <summary>Classes with room behind them for what a teacher answers; where outputs are measured, the classes alone.</summary>
/// <param name="labels">The classes.</param>
/// <param name="loss">Encodes the classes' part of training targets.</param>
internal sealed class TaughtTargets(TrainingTargets labels, Distillation loss) : TrainingTargets
{
    public override int Width => labels.Width;

    public override int[]? Labels => labels.Labels;

    public override int TargetWidth(bool training) => training ? loss.TargetWidth(labels.Width + loss.Hints) : labels.TargetWidth(training);

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets) =>
        training ? loss.Encode(Select(labels.Labels!, rows), labels.Width + loss.Hints, targets) : labels.Encode(rows, training, targets);

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => labels.Measure(rows, outputs);

    public override string Fingerprint() => labels.Fingerprint();
}
