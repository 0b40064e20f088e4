using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The tensors that training changes. All trainable parameters lie in one flat tensor and their gradients in another, so that an optimizer
/// step is a few vector operations; the graph sees views. Parameters with equal rules and multipliers lie together: a group is one range.
/// 4-D parameters are stored channels-last. BatchNorm's running statistics lie in a flat tensor of their own.
/// </summary>
internal sealed class ParameterStore : IDisposable
{
    /// <summary>Views start at cache lines.</summary>
    private const long Alignment = 16;

    private readonly Dictionary<string, Entry> _entries = [];

    public ParameterStore(
        IReadOnlyCollection<OnnxTensor> trainable,
        IReadOnlyCollection<OnnxTensor> state,
        IReadOnlyDictionary<string, ParameterRule> rules,
        torch.Device device
    )
    {
        var groups = new List<OptimizerGroup>();
        long size = 0;
        foreach (var group in trainable.GroupBy(p => rules[p.Name]))
        {
            long start = size;
            foreach (OnnxTensor parameter in group)
                size = Place(parameter, size);
            groups.Add(new OptimizerGroup(start, size - start, group.Key, [.. group.Select(p => PartOf(p, start))]));
        }
        Groups = groups;
        Values = torch.zeros(size, device: device).DetachFromDisposeScope();
        Gradients = torch.zeros(size, device: device).DetachFromDisposeScope();
        foreach (OnnxTensor parameter in trainable)
            Attach(parameter, Values, Gradients);

        long stateSize = state.Aggregate(0L, (offset, tensor) => Place(tensor, offset));
        State = torch.zeros(stateSize, device: device).DetachFromDisposeScope();
        StateBackup = torch.zeros(stateSize, device: device).DetachFromDisposeScope();
        foreach (OnnxTensor tensor in state)
            Attach(tensor, State, gradients: null);
    }

    /// <summary>All trainable parameters.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients, laid out as <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>BatchNorm's running means and variances.</summary>
    public Tensor State { get; }

    /// <summary>Room for a copy of <see cref="State"/>, to undo a step.</summary>
    public Tensor StateBackup { get; }

    /// <summary>The ranges of <see cref="Values"/> with equal rules and multipliers.</summary>
    public IReadOnlyList<OptimizerGroup> Groups { get; }

    /// <summary>The names of everything training changes.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>The names of the trainable parameters.</summary>
    public IEnumerable<string> TrainableNames => _entries.Where(e => e.Value.Gradient is not null).Select(e => e.Key);

    /// <summary>True if training changes the value.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>True if the value is a trainable parameter; false if it is a statistic.</summary>
    public bool IsTrainable(string name) => _entries[name].Gradient is not null;

    /// <summary>The tensor that the graph reads: a leaf that requires a gradient, or a running statistic.</summary>
    public Tensor TensorOf(string name) => _entries[name].View!;

    /// <summary>Copies a value out, in C order.</summary>
    public OnnxTensor Read(string name) => Copy(name, _entries[name].View!);

    /// <summary>
    /// Copies a parameter's part of a tensor that is laid out as <see cref="Values"/> (a statistic's: as <see cref="State"/>) out, in C
    /// order.
    /// </summary>
    public OnnxTensor ReadSlot(string slot, string name, Tensor flat)
    {
        using IDisposable scope = torch.NewDisposeScope();
        return Copy($"{slot}/{name}", ViewOf(flat, _entries[name]));
    }

    /// <summary>Copies a parameter's part of such a tensor in.</summary>
    public void WriteSlot(string name, Tensor flat, OnnxTensor value)
    {
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        Entry entry = _entries[name];
        using Tensor copy = TensorConversion.ToTorch(value, torch.CPU);
        ViewOf(flat, entry).copy_(copy);
    }

    /// <summary>A parameter's part of <see cref="Gradients"/>, in the parameter's shape.</summary>
    public Tensor GradientOf(string name) => _entries[name].Gradient!;

    /// <summary>Copies a gradient out, in C order.</summary>
    public OnnxTensor ReadGradient(string name) => Copy(name, _entries[name].Gradient!);

    /// <summary>Checks that a value can be copied in.</summary>
    /// <exception cref="ArgumentException">The name is not one of the store's, or the shape differs.</exception>
    public void Check(string name, OnnxTensor value, string? key = null) =>
        TrainedValues.Check(name, value, _entries.GetValueOrDefault(name)?.Shape, key);

    /// <summary>Copies a checked value in.</summary>
    public void Write(string name, OnnxTensor value)
    {
        Entry entry = _entries[name];
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        using Tensor copy = TensorConversion.ToTorch(value, torch.CPU);
        entry.View!.copy_(copy);
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries.Values)
        {
            entry.View?.Dispose();
            entry.Gradient?.Dispose();
        }
        Values.Dispose();
        Gradients.Dispose();
        State.Dispose();
        StateBackup.Dispose();
    }

    private long Place(OnnxTensor tensor, long offset)
    {
        _entries.Add(tensor.Name, new Entry(offset, [.. tensor.Shape]));
        return offset + (tensor.Count + Alignment - 1) / Alignment * Alignment;
    }

    private ParameterPart PartOf(OnnxTensor parameter, long start) =>
        new(_entries[parameter.Name].Offset - start, parameter.Count, parameter.Shape[0]);

    private void Attach(OnnxTensor initial, Tensor values, Tensor? gradients)
    {
        Entry entry = _entries[initial.Name];
        using IDisposable scope = torch.NewDisposeScope();
        // A detached view shares the memory but is a leaf of autograd's graph.
        entry.View = ViewOf(values, entry).detach().DetachFromDisposeScope();
        Write(initial.Name, initial);
        if (gradients is null)
            return;
        entry.Gradient = ViewOf(gradients, entry).DetachFromDisposeScope();
        entry.View.requires_grad_();
        // Autograd adds to an existing gradient in place, so the gradients gather in the flat tensor.
        entry.View.grad = entry.Gradient;
    }

    private static Tensor ViewOf(Tensor flat, Entry entry)
    {
        long[] shape = entry.Shape;
        Tensor range = flat.narrow(0, entry.Offset, shape.Aggregate(1L, (product, size) => product * size));
        return shape.Length == 4 ? range.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2) : range.view(shape);
    }

    private static OnnxTensor Copy(string name, Tensor view)
    {
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        return OnnxTensor.FromFloats(name, view.shape, view.cpu().contiguous().data<float>().ToArray());
    }

    private sealed class Entry(long offset, long[] shape)
    {
        public long Offset { get; } = offset;

        public long[] Shape { get; } = shape;

        public Tensor? View { get; set; }

        public Tensor? Gradient { get; set; }
    }
}
