using MLNetExtensions.TensorFlow.Optimizers;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>An update of the parameters from a flat gradient, in the graph.</summary>
internal sealed class UpdateGraph : IDisposable
{
    private readonly UpdateScalars _scalars;
    private readonly List<IntPtr> _targets = [];

    /// <param name="graph">The graph to add to.</param>
    /// <param name="variables">Its variables.</param>
    /// <param name="layout">The layout of the parameters.</param>
    /// <param name="options">The training options.</param>
    /// <param name="gradients">The flat gradient.</param>
    /// <param name="state">BatchNorm's statistics after the pass, already assigned elsewhere; null if they are the variable's.</param>
    public UpdateGraph(
        TensorFlowGraph graph,
        SessionVariables variables,
        ParameterLayout layout,
        TrainingSessionOptions options,
        Symbol gradients,
        Symbol? state
    )
    {
        _scalars = new UpdateScalars(graph);
        Symbol values = variables.Values.Value;
        gradients = GradientAdjustment.Apply(options, layout, values, gradients);
        _targets.Add(variables.Gradients.Assign(gradients));
        if (layout.Size > 0)
            values = ApplyRules(graph, variables, layout, values, gradients);
        if (variables.Mask is { } mask)
            values *= mask.Value;
        _targets.Add(variables.Values.Assign(values));
        if (options.WeightAveraging is { } averaging)
        {
            Symbol rate = _scalars.Add((step, _) => averaging.RateAt(step));
            Follow(graph, variables.AverageValues!, values, rate);
            // The statistics wait for the update, so that a step that is not made leaves their average too.
            Symbol moved = state ?? graph.Op("Identity").Input(variables.State.Value).After(values.Output.Operation).Output();
            Follow(graph, variables.AverageState!, moved, rate);
        }
    }

    /// <summary>The numbers to feed, which <see cref="Prepare"/> sets.</summary>
    public IReadOnlyList<(Symbol Value, Tensor Tensor)> Feeds => _scalars.Feeds;

    /// <summary>The operations that make the update.</summary>
    public IReadOnlyList<IntPtr> Targets => _targets;

    /// <summary>Sets the numbers.</summary>
    /// <param name="update">The number of the update, from 1.</param>
    /// <param name="learningRate">The rate.</param>
    public void Prepare(long update, float learningRate) => _scalars.Prepare(update, learningRate);

    public void Dispose() => _scalars.Dispose();

    private Symbol ApplyRules(TensorFlowGraph graph, SessionVariables variables, ParameterLayout layout, Symbol values, Symbol gradients)
    {
        var newValues = new List<Symbol>();
        var newSlots = variables.Slots.Keys.ToDictionary(slot => slot, _ => new List<Symbol>());
        foreach (OptimizerGroup group in layout.Groups)
        {
            using IDisposable scope = graph.Scope("update");
            Dictionary<string, Symbol> slots = variables.Slots.ToDictionary(
                slot => slot.Key,
                slot => graph.Narrow(slot.Value.Value, 0, group.Start, group.Length)
            );
            var range = new UpdateRange(
                graph,
                group,
                graph.Narrow(values, 0, group.Start, group.Length),
                graph.Narrow(gradients, 0, group.Start, group.Length),
                slots,
                _scalars
            );
            if (group.Rule.Scale.StartDecay is var strength and not 0)
                range.Pull(graph.Narrow(variables.Starts!.Value, 0, group.Start, group.Length), strength);
            RangeUpdate.Apply(group.Rule.Rule, range);
            Symbol? open = range.IsOpen();
            newValues.Add(Opened(range.Values, values));
            foreach ((string slot, List<Symbol> parts) in newSlots)
                parts.Add(Opened(slots[slot], variables.Slots[slot].Value));

            // A frozen range keeps what it has.
            Symbol Opened(Symbol changed, Symbol before) =>
                open is { } condition ? graph.Where(condition, changed, graph.Narrow(before, 0, group.Start, group.Length)) : changed;
        }
        Symbol updated = graph.Concat(newValues, 0);
        foreach ((string slot, List<Symbol> parts) in newSlots)
        {
            // A group whose rule has no use for the slot leaves it: it waits for the update all the same.
            Symbol whole = graph.Concat(parts, 0);
            _targets.Add(variables.Slots[slot].Assign(graph.Op("Identity").Input(whole).After(updated.Output.Operation).Output()));
        }
        return updated;
    }

    private void Follow(TensorFlowGraph graph, Variable average, Symbol values, Symbol rate)
    {
        Symbol whole = graph.Binary("GreaterEqual", rate, graph.Scalar(1, DataType.Float));
        _targets.Add(average.Assign(graph.Where(whole, values, average.Value + (values - average.Value) * rate)));
    }
}
