namespace MLNetExtensions.Onnx;

/// <summary>Finds names that a graph does not use yet.</summary>
internal sealed class ValueNames
{
    private readonly HashSet<string> _taken;

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
        for (int i = 1; !_taken.Add(name); i++)
            name = $"{wished}_{i}";
        return name;
    }
}
