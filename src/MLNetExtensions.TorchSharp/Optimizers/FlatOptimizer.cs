using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>The state of an update rule, laid out as the flat parameters, and the update of each range of them.</summary>
internal sealed class FlatOptimizer : IDisposable
{
    private readonly Dictionary<string, Tensor> _slots = [];
    private readonly ParameterRange[] _ranges;
    private readonly RangeUpdate[] _updates;

    /// <summary>Makes the state and updates.</summary>
    /// <exception cref="NotSupportedException">A rule is not one this runtime knows.</exception>
    public FlatOptimizer(Optimizer rule, ParameterStore parameters)
    {
        using IDisposable scope = torch.NewDisposeScope();
        foreach (string slot in rule.Slots)
            _slots.Add(slot, torch.zeros_like(parameters.Values).DetachFromDisposeScope());
        _ranges = [.. parameters.Groups.Select(group => new ParameterRange(group, parameters, _slots))];
        _updates = new RangeUpdate[_ranges.Length];
        try
        {
            for (int i = 0; i < _updates.Length; i++)
                _updates[i] = RangeUpdate.Create(parameters.Groups[i].Rule.Rule, _ranges[i]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of updates so far.</summary>
    public long Steps { get; set; }

    /// <summary>The rule's slots, each laid out as the parameters.</summary>
    public IReadOnlyDictionary<string, Tensor> Slots => _slots;

    /// <summary>One update. Gradients may be changed on the way.</summary>
    public void Step(float learningRate)
    {
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        Steps++;
        for (int i = 0; i < _updates.Length; i++)
        {
            ParameterRange range = _ranges[i];
            if (Steps <= range.Scale.FrozenUpdates)
                continue;
            float rate = learningRate * range.Scale.LearningRate;
            if (range.Start is { } start)
                range.Values.lerp_(start, Math.Min(1, rate * range.Scale.StartDecay));
            _updates[i].Apply(Steps - range.Scale.FrozenUpdates, rate);
        }
    }

    public void Dispose()
    {
        foreach (ParameterRange range in _ranges)
            range.Dispose();
        foreach (Tensor slot in _slots.Values)
            slot.Dispose();
    }
}
