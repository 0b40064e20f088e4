using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Lookahead (arXiv 1907.08610) around another rule.</summary>
internal static class LookaheadUpdate
{
    public static void Apply(Lookahead rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        Symbol zero = g.Scalar(0, DataType.Float);
        Symbol isFirst = g.Binary("Greater", range.Scalar((step, _) => step == 1 ? 1 : 0), zero);
        Symbol isMeeting = g.Binary("Greater", range.Scalar((step, _) => step % rule.SyncPeriod == 0 ? 1 : 0), zero);
        Symbol slow = g.Where(isFirst, range.Values, range["slow"]);
        RangeUpdate.Apply(rule.Inner, range);
        range["slow"] = g.Where(isMeeting, slow + (range.Values - slow) * rule.Alpha, slow);
        range.Values = g.Where(isMeeting, range["slow"], range.Values);
    }
}
