using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The position of each value that training changes. All trainable parameters are parts of one flat variable, so that an optimizer's update is a few vector
/// ops; parameters with equal rules and multipliers lie together: a group is one range. BatchNorm's running statistics are parts of another.
/// A convolution's weights are stored in TensorFlow's order (height, width, input, output).
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, ParameterEntry> _entries = [];

    public ParameterLayout(OnnxGraph graph, IReadOnlyCollection<OnnxTensor> trainable, IReadOnlyCollection<OnnxTensor> state, IReadOnlyDictionary<string, ParameterRule> rules)
    {
        HashSet<string> kernels = ConvolutionWeights(graph);
        var groups = new List<OptimizerGroup>();
        long size = 0;
        foreach (var group in trainable.GroupBy(p => rules[p.Name]))
        {
            long start = size;
            foreach (OnnxTensor parameter in group)
                size = Place(parameter, size, isTrainable: true, kernels.Contains(parameter.Name));
            groups.Add(new OptimizerGroup(start, size - start, group.Key, [.. group.Select(p => _entries[p.Name])]));
        }
        Groups = groups;
        Size = size;
        StateSize = state.Aggregate(0L, (offset, tensor) => Place(tensor, offset, isTrainable: false, isKernel: false));
    }

    /// <summary>The number of values of all trainable parameters.</summary>
    public long Size { get; }

    /// <summary>The number of values of all statistics.</summary>
    public long StateSize { get; }

    /// <summary>The ranges with equal rules and multipliers.</summary>
    public IReadOnlyList<OptimizerGroup> Groups { get; }

    /// <summary>Everything training changes, in the order of its place.</summary>
    public IEnumerable<ParameterEntry> Entries => _entries.Values;

    /// <summary>The trainable parameters, in the order of their place.</summary>
    public IEnumerable<ParameterEntry> Trainable => Entries.Where(e => e.IsTrainable);

    /// <summary>The statistics, in the order of their place.</summary>
    public IEnumerable<ParameterEntry> State => Entries.Where(e => !e.IsTrainable);

    /// <summary>The names of everything training changes.</summary>
    public IReadOnlySet<string> Names => _entries.Keys.ToHashSet();

    /// <summary>A value's place.</summary>
    public ParameterEntry this[string name] => _entries[name];

    /// <summary>Checks that a value can be copied in.</summary>
    /// <exception cref="ArgumentException">The name is not one of the session's, or the shape differs.</exception>
    public void Check(string name, OnnxTensor value, string? key = null) => TrainedValues.Check(name, value, _entries.GetValueOrDefault(name)?.Shape, key);

    private long Place(OnnxTensor tensor, long offset, bool isTrainable, bool isKernel)
    {
        _entries.Add(tensor.Name, new ParameterEntry(tensor.Name, offset, [.. tensor.Shape], isTrainable, isKernel));
        return offset + tensor.Count;
    }

    /// <summary>The 2-D convolution weights that nothing else reads.</summary>
    public static HashSet<string> ConvolutionWeights(OnnxGraph graph)
    {
        HashSet<string> kernels = [], others = [];
        foreach (OnnxNode node in graph.Nodes)
            for (int i = 0; i < node.Inputs.Count; i++)
                (i == 1 && node is { OpType: "Conv", Domain: "" } ? kernels : others).Add(node.Inputs[i]);
        kernels.ExceptWith(others);
        kernels.RemoveWhere(name => !graph.Initializers.TryGetValue(name, out OnnxTensor? weight) || weight.Shape.Count != 4);
        return kernels;
    }
}

/// <summary>A range of the flat parameters with the same rule and multipliers.</summary>
internal sealed record OptimizerGroup(long Start, long Length, ParameterRule Rule, IReadOnlyList<ParameterEntry> Parts);

/// <summary>One value's place in its flat variable.</summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Offset">Its start.</param>
/// <param name="Shape">The shape in the ONNX graph.</param>
/// <param name="IsTrainable">True if it is a parameter and not a statistic.</param>
/// <param name="IsKernel">True if it is stored as [height, width, input, output] and not as [output, input, height, width].</param>
internal sealed record ParameterEntry(string Name, long Offset, long[] Shape, bool IsTrainable, bool IsKernel)
{
    /// <summary>The number of values.</summary>
    public int Count { get; } = checked((int)Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>The sizes in the stored order.</summary>
    public long[] StoredShape => IsKernel ? [Shape[2], Shape[3], Shape[1], Shape[0]] : Shape;

    /// <summary>Copies a value from the stored order into ONNX's.</summary>
    public OnnxTensor Read(string name, ReadOnlySpan<float> flat)
    {
        var values = new float[Count];
        ReadOnlySpan<float> stored = flat.Slice((int)Offset, Count);
        if (IsKernel)
            Reorder(stored, values, toStored: false);
        else
            stored.CopyTo(values);
        return OnnxTensor.FromFloats(name, Shape, values);
    }

    /// <summary>Copies a value in ONNX's order into the stored one.</summary>
    public void Write(OnnxTensor value, Span<float> flat)
    {
        float[] values = value.ToFloats();
        Span<float> stored = flat.Slice((int)Offset, Count);
        if (IsKernel)
            Reorder(values, stored, toStored: true);
        else
            values.CopyTo(stored);
    }

    private void Reorder(ReadOnlySpan<float> source, Span<float> target, bool toStored)
    {
        int outputs = (int)Shape[0], inputs = (int)Shape[1], area = (int)(Shape[2] * Shape[3]);
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                for (int a = 0; a < area; a++)
                {
                    int onnx = (o * inputs + i) * area + a, stored = (a * inputs + i) * outputs + o;
                    if (toStored)
                        target[stored] = source[onnx];
                    else
                        target[onnx] = source[stored];
                }
            }
        }
    }
}
