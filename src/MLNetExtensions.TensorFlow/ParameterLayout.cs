using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The position of each value that training changes. All trainable parameters are parts of one flat variable, so that an optimizer's update
/// is a few vector ops; parameters with equal rules and multipliers lie together: a group is one range. BatchNorm's running statistics are
/// parts of another. A convolution's weights are stored in TensorFlow's order (height, width, input, output).
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, ParameterEntry> _entries = [];

    public ParameterLayout(
        OnnxGraph graph,
        IReadOnlyCollection<OnnxTensor> trainable,
        IReadOnlyCollection<OnnxTensor> state,
        IReadOnlyDictionary<string, ParameterRule> rules
    )
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
    public void Check(string name, OnnxTensor value, string? key = null) =>
        TrainedValues.Check(name, value, _entries.GetValueOrDefault(name)?.Shape, key);

    private long Place(OnnxTensor tensor, long offset, bool isTrainable, bool isKernel)
    {
        _entries.Add(tensor.Name, new ParameterEntry(tensor.Name, offset, [.. tensor.Shape], isTrainable, isKernel));
        return offset + tensor.Count;
    }

    /// <summary>The 2-D convolution weights that nothing else reads.</summary>
    public static HashSet<string> ConvolutionWeights(OnnxGraph graph)
    {
        HashSet<string> kernels = [],
            others = [];
        foreach (OnnxNode node in graph.Nodes)
            for (int i = 0; i < node.Inputs.Count; i++)
                (i == 1 && node is { OpType: "Conv", Domain: "" } ? kernels : others).Add(node.Inputs[i]);
        kernels.ExceptWith(others);
        kernels.RemoveWhere(name => !graph.Initializers.TryGetValue(name, out OnnxTensor? weight) || weight.Shape.Count != 4);
        return kernels;
    }
}
