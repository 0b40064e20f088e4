namespace MLNetExtensions.Onnx.Operators;

/// <summary>The facts known about a graph's values during lowering.</summary>
internal sealed class LoweringValues
{
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, int> _suffixes = [];

    // A layer over a long sequence becomes many nodes.
    private NameBudget _budget;

    /// <summary>The type of every value met so far.</summary>
    public Dictionary<string, TensorType> Types { get; } = [];

    /// <summary>
    /// The values that may be computed now: constants of the graph and what follows from them and from shapes, never parameters.
    /// </summary>
    public Dictionary<string, OnnxTensor> Constants { get; } = [];

    /// <summary>Adds a constant, whose type is then known too.</summary>
    public void AddConstant(OnnxTensor tensor)
    {
        Constants[tensor.Name] = tensor;
        Types[tensor.Name] = new TensorType(tensor.ElementType, [.. tensor.Shape]);
    }

    /// <summary>Makes <paramref name="name"/> another name of <paramref name="value"/>.</summary>
    public void AddAlias(string name, string value) => _aliases[name] = Resolve(value);

    /// <summary>The value that a name stands for.</summary>
    public string Resolve(string name) => _aliases.GetValueOrDefault(name, name);

    /// <summary>The value of a name where it is known, else null.</summary>
    public OnnxTensor? ConstantOf(string name) => Constants.GetValueOrDefault(Resolve(name));

    /// <summary>A name that no value has: the prefix itself is never one, because a number follows.</summary>
    public string NewName(string prefix)
    {
        string name;
        do
        {
            int suffix = _suffixes[prefix] = _suffixes.GetValueOrDefault(prefix) + 1;
            name = $"{prefix}.{suffix}";
        } while (!_taken.Add(name));
        return _budget.TryAdd(name)
            ? name
            : throw new OnnxFormatException($"What '{prefix}' is written as would have more values than can be: a sequence is too long.");
    }

    private readonly HashSet<string> _taken = [];

    /// <summary>Keeps <see cref="NewName"/> from making these names.</summary>
    public void Reserve(IEnumerable<string> names) => _taken.UnionWith(names);
}
