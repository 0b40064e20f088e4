using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>An update rule bound to a range, in in-place vector operations.</summary>
internal abstract class RangeUpdate
{
    /// <summary>Makes the update of a rule.</summary>
    /// <exception cref="NotSupportedException">The rule is not one this runtime knows.</exception>
    public static RangeUpdate Create(Optimizer rule, ParameterRange range) =>
        rule switch
        {
            Sgd sgd => new SgdUpdate(sgd, range),
            AdamOptimizer adam => new AdamUpdate(adam, range),
            RmsProp rmsProp => new RmsPropUpdate(rmsProp, range),
            Adagrad adagrad => new AdagradUpdate(adagrad, range),
            Adadelta adadelta => new AdadeltaUpdate(adadelta, range),
            Adamax adamax => new AdamaxUpdate(adamax, range),
            NAdam nadam => new NAdamUpdate(nadam, range),
            RAdam radam => new RAdamUpdate(radam, range),
            Lamb lamb => new LambUpdate(lamb, range),
            Lion lion => new LionUpdate(lion, range),
            Muon muon => new MuonUpdate(muon, range),
            Lookahead lookahead => new LookaheadUpdate(lookahead, range),
            _ => throw new NotSupportedException(
                $"The TorchSharp runtime has no optimizer {rule.GetType().Name}. It has {nameof(Sgd)}, {nameof(Adam)}, {nameof(AdamW)}, "
                    + $"{nameof(RmsProp)}, {nameof(Adagrad)}, "
                    + $"{nameof(Adadelta)}, {nameof(Adamax)}, {nameof(NAdam)}, {nameof(RAdam)}, {nameof(Lamb)}, {nameof(Lion)}, "
                    + $"{nameof(Muon)} and {nameof(Lookahead)}."
            ),
        };

    /// <summary>Updates the range.</summary>
    /// <param name="step">The number of this update, from 1.</param>
    /// <param name="learningRate">The rate, with the range's multiplier.</param>
    public abstract void Apply(long step, float learningRate);

    /// <summary>Adds weight decay to the gradients (L2).</summary>
    protected static void AddDecay(Optimizer rule, ParameterRange range)
    {
        if (rule.WeightDecay * range.Scale.WeightDecay is var decay and not 0)
            range.Gradients.add_(range.Values, decay);
    }

    /// <summary>Makes the weights themselves smaller (decoupled decay).</summary>
    protected static void Decay(Optimizer rule, ParameterRange range, float learningRate)
    {
        if (rule.WeightDecay * range.Scale.WeightDecay is var decay and not 0)
            range.Values.mul_(1 - learningRate * decay);
    }
}
