namespace MLNetExtensions.Onnx;

/// <summary>Finds names that a graph does not use yet.</summary>
internal sealed class ValueNames
{
    // Functions that call each other over and over; these are some 250,000 names.
    private const long BytesAName = 256,
        MaxMade = 64 << 20;

    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, int> _suffixes = [];
    private long _made;

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
        _made += name.Length + BytesAName;
        return _made <= MaxMade ? name : throw new OnnxFormatException($"The graph would grow without end at '{wished}'.");
    }
}
