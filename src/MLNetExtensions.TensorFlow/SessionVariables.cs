using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The variables of a session's graph: flat parameters, statistics, gradients, the optimizer's slots, averages and masks.
/// </summary>
internal sealed class SessionVariables
{
    private readonly List<Variable> _all = [];
    private readonly TensorFlowGraph _graph;

    public SessionVariables(TensorFlowGraph graph, ParameterLayout layout, TrainingSessionOptions options, bool masked)
    {
        _graph = graph;
        Values = Add("values", layout.Size);
        Gradients = Add("gradients", layout.Size);
        State = Add("state", layout.StateSize);
        Slots = options.Optimizer.Slots.ToDictionary(slot => slot, slot => Add($"slots/{slot}", layout.Size));
        if (options.WeightAveraging is not null)
            (AverageValues, AverageState) = (Add("averages/values", layout.Size), Add("averages/state", layout.StateSize));
        if (layout.Groups.Any(group => group.Rule.Scale.StartDecay != 0))
            Starts = Add("starts", layout.Size);
        if (masked)
            Mask = Add("mask", layout.Size);
    }

    /// <summary>All trainable parameters.</summary>
    public Variable Values { get; }

    /// <summary>The gradients of the latest update, or their sum in the middle of an accumulation.</summary>
    public Variable Gradients { get; }

    /// <summary>BatchNorm's running means and variances.</summary>
    public Variable State { get; }

    /// <summary>The optimizer's memory.</summary>
    public IReadOnlyDictionary<string, Variable> Slots { get; }

    /// <summary>The parameters as they were at first; null if nothing pulls towards them.</summary>
    public Variable? Starts { get; }

    /// <summary>The average of <see cref="Values"/>.</summary>
    public Variable? AverageValues { get; }

    /// <summary>The average of <see cref="State"/>.</summary>
    public Variable? AverageState { get; }

    /// <summary>1 for weights that are free, 0 for those kept at 0.</summary>
    public Variable? Mask { get; }

    /// <summary>All variables.</summary>
    public IReadOnlyList<Variable> All => _all;

    private Variable Add(string name, long size)
    {
        var variable = new Variable(_graph, name, size);
        _all.Add(variable);
        return variable;
    }
}
