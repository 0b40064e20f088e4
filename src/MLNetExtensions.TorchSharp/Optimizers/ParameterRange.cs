using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>The part of the flat parameters, gradients and slots that one update works on: views, which share the store's memory.</summary>
internal sealed class ParameterRange : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly OptimizerGroup _group;
    private readonly IReadOnlyDictionary<string, Tensor> _slots;

    public ParameterRange(OptimizerGroup group, ParameterStore parameters, IReadOnlyDictionary<string, Tensor> slots)
    {
        _group = group;
        _slots = slots;
        Values = ViewOf(parameters.Values);
        Gradients = ViewOf(parameters.Gradients);
        if (Scale.StartDecay != 0)
            Start = Own(Values.clone());
    }

    /// <summary>The parameters.</summary>
    public Tensor Values { get; }

    /// <summary>Their gradients.</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameters as they were at first; null if nothing pulls towards them.</summary>
    public Tensor? Start { get; }

    /// <summary>The multipliers.</summary>
    public ParameterGroup Scale => _group.Rule.Scale;

    /// <summary>The parameters within the range.</summary>
    public IReadOnlyList<ParameterPart> Parts => _group.Parts;

    /// <summary>A slot's values of the range.</summary>
    public Tensor Slot(string name) => ViewOf(_slots[name]);

    /// <summary>Room for intermediate values.</summary>
    public Tensor CreateScratch() => Own(torch.zeros_like(Values));

    public void Dispose() => _owned.ForEach(t => t.Dispose());

    private Tensor ViewOf(Tensor flat) => Own(flat.narrow(0, _group.Start, _group.Length));

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
