namespace MLNetExtensions.Onnx;

/// <summary>Finds names that a graph does not use yet.</summary>
internal sealed class ValueNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, int> _suffixes = [];

    // Functions that call each other over and over.
    private NameBudget _budget;

    public ValueNames(OnnxGraph graph) =>
        _taken = [
            .. graph.Inputs.Select(i => i.Name),
            .. graph.Initializers.Keys,
            .. graph.Nodes.SelectMany(n => n.Outputs),
            .. graph.Nodes.Select(n => n.Name),
        ];

    /// <summary>The wished name, or with a number behind it where it is taken. The name is taken from then on.</summary>
    public string Take(string wished)
    {
        string name = wished;
        while (!_taken.Add(name))
            name = $"{wished}_{_suffixes[wished] = _suffixes.GetValueOrDefault(wished) + 1}";
        return _budget.TryAdd(name) ? name : throw new OnnxFormatException($"The graph would grow without end at '{wished}'.");
    }
}
