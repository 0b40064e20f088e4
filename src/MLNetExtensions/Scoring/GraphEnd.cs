using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring;

/// <summary>
/// Nodes that follow a network in an exported model: from the network's output to the model's. All names begin with the model's own prefix.
/// </summary>
internal sealed class GraphEnd(ScoringNames names)
{
    /// <summary>Stands for the network's output, whose name is not known yet.</summary>
    public const string NetworkOutput = "\0network output";

    private const string MachineLearningDomain = "ai.onnx.ml";

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _constants = [];
    private readonly HashSet<string> _added = [names.Output];

    /// <summary>The names that the network must leave free.</summary>
    public IReadOnlyCollection<string> Names => _added;

    /// <summary>The nodes' constants.</summary>
    public IReadOnlyList<OnnxTensor> Constants => _constants;

    /// <summary>Adds a constant.</summary>
    /// <returns>Its name in the graph.</returns>
    public string Constant(OnnxTensor tensor)
    {
        string name = Unique(tensor.Name);
        _constants.Add(tensor.Rename(name));
        return name;
    }

    /// <summary>Adds a node.</summary>
    /// <returns>The name of its output.</returns>
    public string Add(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        AddAs($"{names.Prefix}{opType.ToLowerInvariant()}{_nodes.Count}", opType, inputs, attributes);

    /// <summary>Adds the node whose output is the model's.</summary>
    public void AddLast(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        _nodes.Add(OnnxNode.Create(opType, [.. inputs], [names.Output], attributes));

    /// <summary>A name that nothing has yet.</summary>
    public string Unique(string name)
    {
        string unique = $"{names.Prefix}{name}";
        for (int number = 1; !_added.Add(unique); number++)
            unique = $"{names.Prefix}{name}{number}";
        return unique;
    }

    /// <summary>Adds a node unchanged; its outputs have names of <see cref="Unique"/>.</summary>
    public void Add(OnnxNode node) => _nodes.Add(node);

    /// <summary>Adds a node whose output has a given name.</summary>
    public string AddAs(string output, string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        _nodes.Add(OnnxNode.Create(opType, [.. inputs], [Named(output)], attributes));
        return output;
    }

    /// <summary>
    /// Makes the model's output a mean over several rows of the network's batch for each image: the images' first views come first, then
    /// the second.
    /// </summary>
    /// <param name="views">The number of views of an image.</param>
    /// <param name="length">The number of output values.</param>
    public void Average(int views, int length)
    {
        int last = _nodes.FindIndex(node => node.Outputs.Contains(names.Output));
        string each = Named($"{names.Prefix}views");
        _nodes[last] = _nodes[last] with { Name = each, Outputs = [each] };
        // A product with equal weights: ReduceMean's axes moved from attribute to input.
        string shares = Constant(OnnxTensor.FromFloats("views.shares", [1, views], [.. Enumerable.Repeat(1f / views, views)]));
        string side = Named($"{names.Prefix}views.rows"),
            mean = Named($"{names.Prefix}views.mean");
        _nodes.InsertRange(
            last + 1,
            [
                OnnxNode.Create("Reshape", [each, Constant(OnnxTensor.FromInt64s("views.shape", [2], [views, -1]))], [side]),
                OnnxNode.Create("MatMul", [shares, side], [mean]),
                OnnxNode.Create("Reshape", [mean, Constant(OnnxTensor.FromInt64s("views.output", [2], [-1, length]))], [names.Output]),
            ]
        );
    }

    /// <summary>Maps 64-bit integers from 0 to texts; other integers to the empty text.</summary>
    public void AddTexts(string output, string index, IReadOnlyList<string> texts) =>
        _nodes.Add(
            LabelEncoder(
                Named(output),
                index,
                output,
                OnnxAttribute.Of("keys_int64s", [.. Enumerable.Range(0, texts.Count).Select(i => (long)i)]),
                OnnxAttribute.Of("values_strings", [.. texts]),
                OnnxAttribute.Of("default_string", "")
            )
        );

    /// <summary>
    /// Names the slots of an output, as ML.NET's ONNX transformer reads them: from the keys of a node of this name that nothing uses.
    /// </summary>
    public void AddSlotNames(string output, IReadOnlyList<string> slotNames)
    {
        string node = Named(ScoringNames.SlotNamesNodeOf(output));
        string input = Named(node + ".input");
        _constants.Add(OnnxTensor.FromStrings(input, [1], [slotNames[0]]));
        _nodes.Add(
            LabelEncoder(
                node,
                input,
                Named(node + ".output"),
                OnnxAttribute.Of("keys_strings", [.. slotNames]),
                OnnxAttribute.Of("values_int64s", [.. Enumerable.Range(0, slotNames.Count).Select(i => (long)i)])
            )
        );
    }

    /// <summary>The nodes behind a network.</summary>
    /// <param name="output">The network's output.</param>
    public IEnumerable<OnnxNode> After(string output) =>
        _nodes.Select(node => node with { Inputs = [.. node.Inputs.Select(input => input == NetworkOutput ? output : input)] });

    /// <summary>The operator sets that the nodes need.</summary>
    public IReadOnlyDictionary<string, int> Opsets(IReadOnlyDictionary<string, int> opsets) =>
        !_nodes.Exists(n => n.Domain == MachineLearningDomain)
            ? opsets
            // Version 2 is the first with keys and values as attributes, and still what ONNX Runtime's oldest supported releases know.
            : new Dictionary<string, int>(opsets)
            {
                [MachineLearningDomain] = Math.Max(2, opsets.GetValueOrDefault(MachineLearningDomain)),
            };

    private string Named(string name)
    {
        _added.Add(name);
        return name;
    }

    private static OnnxNode LabelEncoder(string name, string input, string output, params OnnxAttribute[] attributes) =>
        OnnxNode.Create("LabelEncoder", [input], [output], attributes) with
        {
            Name = name,
            Domain = MachineLearningDomain,
        };
}
