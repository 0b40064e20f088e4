using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Lookahead, algorithm 1 of arXiv 1907.08610, around the update of another rule.</summary>
internal sealed class LookaheadUpdate(Lookahead rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _slow = range.Slot("slow");
    private readonly RangeUpdate _inner = Create(rule.Inner, range);

    public override void Apply(long step, float learningRate)
    {
        if (step == 1)
            _slow.copy_(range.Values);
        _inner.Apply(step, learningRate);
        if (step % rule.SyncPeriod == 0)
            range.Values.copy_(_slow.lerp_(range.Values, rule.Alpha));
    }
}
