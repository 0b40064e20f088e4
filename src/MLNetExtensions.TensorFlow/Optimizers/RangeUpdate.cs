using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>The update rules by their records.</summary>
internal static class RangeUpdate
{
    /// <summary>Adds a rule's ops for a range.</summary>
    /// <exception cref="NotSupportedException">The rule is not one this runtime knows.</exception>
    public static void Apply(Optimizer rule, UpdateRange range)
    {
        switch (rule)
        {
            case Sgd sgd:
                SgdUpdate.Apply(sgd, range);
                break;
            case AdamOptimizer adam:
                AdamUpdate.Apply(adam, range);
                break;
            case RmsProp rmsProp:
                RmsPropUpdate.Apply(rmsProp, range);
                break;
            case Adagrad adagrad:
                AdagradUpdate.Apply(adagrad, range);
                break;
            case Adadelta adadelta:
                AdadeltaUpdate.Apply(adadelta, range);
                break;
            case Adamax adamax:
                AdamaxUpdate.Apply(adamax, range);
                break;
            case NAdam nadam:
                NAdamUpdate.Apply(nadam, range);
                break;
            case RAdam radam:
                RAdamUpdate.Apply(radam, range);
                break;
            case Lamb lamb:
                LambUpdate.Apply(lamb, range);
                break;
            case Lion lion:
                LionUpdate.Apply(lion, range);
                break;
            case Muon muon:
                MuonUpdate.Apply(muon, range);
                break;
            case Lookahead lookahead:
                LookaheadUpdate.Apply(lookahead, range);
                break;
            default:
                throw new NotSupportedException(
                    $"The TensorFlow runtime has no optimizer {rule.GetType().Name}. It has {nameof(Sgd)}, {nameof(Adam)}, "
                        + $"{nameof(AdamW)}, {nameof(RmsProp)}, {nameof(Adagrad)}, "
                        + $"{nameof(Adadelta)}, {nameof(Adamax)}, {nameof(NAdam)}, {nameof(RAdam)}, {nameof(Lamb)}, {nameof(Lion)}, "
                        + $"{nameof(Muon)} and {nameof(Lookahead)}."
                );
        }
    }
}
