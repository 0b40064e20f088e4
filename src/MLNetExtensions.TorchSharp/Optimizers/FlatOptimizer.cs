using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>An update rule with its state, applied to flat ranges of parameters by in-place vector operations.</summary>
internal abstract class FlatOptimizer : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly Dictionary<string, Tensor> _slots = [];
    private readonly ParameterGroup[] _groups;
    private readonly Tensor[] _values, _gradients;

    protected FlatOptimizer(Optimizer rule, ParameterStore parameters)
    {
        using IDisposable scope = torch.NewDisposeScope();
        _groups = [.. parameters.Groups];
        _values = Ranges(parameters.Values);
        _gradients = Ranges(parameters.Gradients);
        Size = parameters.Values.shape[0];
        Device = parameters.Values.device;
        foreach (string slot in rule.Slots)
            _slots.Add(slot, Own(torch.zeros(Size, device: Device)));
    }

    /// <summary>The number of updates so far.</summary>
    public long Steps { get; set; }

    /// <summary>The rule's slots, each laid out as the parameters.</summary>
    public IReadOnlyDictionary<string, Tensor> Slots => _slots;

    private long Size { get; }

    private torch.Device Device { get; }

    /// <summary>Makes the optimizer for the options' rule.</summary>
    /// <exception cref="NotSupportedException">The rule is not one this runtime knows.</exception>
    public static FlatOptimizer Create(Optimizer rule, ParameterStore parameters) => rule switch
    {
        Sgd sgd => new SgdOptimizer(sgd, parameters),
        Adam adam => new AdamOptimizer(adam, parameters),
        _ => throw new NotSupportedException($"The TorchSharp runtime has no optimizer {rule.GetType().Name}. It has Sgd, Adam and AdamW."),
    };

    /// <summary>One update. Gradients may be changed on the way.</summary>
    public void Step(float learningRate)
    {
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        Steps++;
        for (int i = 0; i < _groups.Length; i++)
            Update(i, _values[i], _gradients[i], learningRate * _groups[i].Scale.LearningRate, _groups[i].Scale.WeightDecay);
    }

    public void Dispose() => _owned.ForEach(t => t.Dispose());

    /// <summary>Updates one range.</summary>
    protected abstract void Update(int group, Tensor values, Tensor gradients, float learningRate, float weightDecayScale);

    /// <summary>A slot, cut into the ranges.</summary>
    protected Tensor[] Slot(string name) => Ranges(_slots[name]);

    /// <summary>Room for intermediate values of the parameters' size, cut into the ranges.</summary>
    protected Tensor[] CreateScratch()
    {
        using IDisposable scope = torch.NewDisposeScope();
        return Ranges(torch.zeros(Size, device: Device));
    }

    private Tensor[] Ranges(Tensor flat)
    {
        return [.. _groups.Select(g => Own(flat.narrow(0, g.Start, g.Length)))];
    }

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
