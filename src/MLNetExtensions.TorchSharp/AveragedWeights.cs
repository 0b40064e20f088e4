using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The average of the weights and BatchNorm statistics. The graph reads one memory; its content is exchanged with the average's when
/// prediction follows training and back.
/// </summary>
internal sealed class AveragedWeights : IDisposable
{
    private readonly WeightAveraging _rule;
    private readonly Memory _values,
        _state;
    private readonly ParameterStore _parameters;

    public AveragedWeights(WeightAveraging rule, ParameterStore parameters)
    {
        _rule = rule;
        _parameters = parameters;
        _values = new Memory(parameters.Values);
        _state = new Memory(parameters.State);
    }

    /// <summary>True if the graph now reads the averaged weights instead of the trained ones.</summary>
    public bool Shown { get; private set; }

    /// <summary>Lets the graph read the averages, or the weights that are trained.</summary>
    public void Show(bool averages)
    {
        if (Shown == averages)
            return;
        using IDisposable noGradient = torch.no_grad();
        _values.Exchange();
        _state.Exchange();
        Shown = averages;
    }

    /// <summary>Moves the averages after an update.</summary>
    public void Follow(long updates)
    {
        if (_rule.RateAt(updates) is not (var rate and > 0))
            return;
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        _values.Follow(rate);
        _state.Follow(rate);
    }

    /// <summary>Sets averages of weights to 0 where a mask is 0. The graph must read the weights now.</summary>
    public void Mask(Tensor mask)
    {
        using IDisposable noGradient = torch.no_grad();
        _values.Other.mul_(mask);
    }

    /// <summary>Writes a checked value into both the weights and their average.</summary>
    public void Write(string name, OnnxTensor value)
    {
        _parameters.Write(name, value);
        _parameters.WriteSlot(name, _parameters.IsTrainable(name) ? _values.Other : _state.Other, value);
    }

    public void Dispose()
    {
        _values.Dispose();
        _state.Dispose();
    }

    /// <summary>A tensor that the graph reads, and another of its layout.</summary>
    private sealed class Memory(Tensor read) : IDisposable
    {
        private readonly Tensor _spare = torch.empty_like(read).DetachFromDisposeScope();

        public Tensor Other { get; } = read.clone().DetachFromDisposeScope();

        public void Exchange()
        {
            _spare.copy_(read);
            read.copy_(Other);
            Other.copy_(_spare);
        }

        public void Follow(double rate)
        {
            if (rate == 1)
                Other.copy_(read);
            else
                Other.lerp_(read, rate);
        }

        public void Dispose()
        {
            _spare.Dispose();
            Other.Dispose();
        }
    }
}
