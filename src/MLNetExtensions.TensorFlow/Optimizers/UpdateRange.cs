using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>
/// A range of the flat parameters during the construction of its update: what rules read, and what they leave as new values.
/// </summary>
internal sealed class UpdateRange(
    TensorFlowGraph graph,
    OptimizerGroup group,
    Symbol values,
    Symbol gradients,
    Dictionary<string, Symbol> slots,
    UpdateScalars scalars
)
{
    /// <summary>The graph.</summary>
    public TensorFlowGraph Graph => graph;

    /// <summary>The parameters.</summary>
    public Symbol Values { get; set; } = values;

    /// <summary>Their gradients.</summary>
    public Symbol Gradients { get; set; } = gradients;

    /// <summary>The parameters within the range.</summary>
    public IReadOnlyList<ParameterEntry> Parts => group.Parts;

    /// <summary>The start of the range in the flat parameters.</summary>
    public long Start => group.Start;

    /// <summary>A slot's values.</summary>
    public Symbol this[string slot]
    {
        get => slots[slot];
        set => slots[slot] = value;
    }

    /// <summary>
    /// A number that depends on the number of the update, from 1, and on the learning rate with the range's multiplier; it is given at each
    /// run.
    /// </summary>
    public Symbol Scalar(Func<long, double, double> value)
    {
        ParameterGroup scale = group.Rule.Scale;
        return scalars.Add((step, rate) => value(Math.Max(1, step - scale.FrozenUpdates), rate * scale.LearningRate));
    }

    /// <summary>The learning rate.</summary>
    public Symbol Rate() => Scalar((_, rate) => rate);

    /// <summary>The condition that the range is no longer frozen; null if it never is.</summary>
    public Symbol? IsOpen() =>
        group.Rule.Scale.FrozenUpdates is var frozen and > 0
            ? graph.Binary("Greater", scalars.Add((step, _) => step > frozen ? 1 : 0), graph.Scalar(0, DataType.Float))
            : null;

    /// <summary>Adds weight decay to the gradients (L2).</summary>
    public void AddDecay(Optimizer rule)
    {
        if (DecayOf(rule) is var decay and not 0)
            Gradients += Values * decay;
    }

    /// <summary>Makes the weights themselves smaller (decoupled decay).</summary>
    public void Decay(Optimizer rule)
    {
        if (DecayOf(rule) is var decay and not 0)
            Values *= Scalar((_, rate) => 1 - rate * decay);
    }

    /// <summary>Moves the weights towards others.</summary>
    public void Pull(Symbol others, float strength) => Values += (others - Values) * Scalar((_, rate) => Math.Min(1, rate * strength));

    /// <summary>A rule's weight decay with the range's multiplier.</summary>
    public float DecayOf(Optimizer rule) => rule.WeightDecay * group.Rule.Scale.WeightDecay;

    /// <summary>Moves a slot toward a value: <c>keep * slot + (1 - keep) * value</c>.</summary>
    public Symbol Follow(string slot, float keep, Symbol value) => this[slot] = this[slot] * keep + value * (1 - keep);

    /// <summary>One value for each parameter, from its own values, written out over all of them.</summary>
    public Symbol PerParameter(Func<ParameterEntry, Symbol> value) => graph.Concat([.. Parts.Select(value)], 0);

    /// <summary>A parameter's part of a range.</summary>
    public Symbol Part(Symbol range, ParameterEntry part) => graph.Narrow(range, 0, part.Offset - group.Start, part.Count);
}
