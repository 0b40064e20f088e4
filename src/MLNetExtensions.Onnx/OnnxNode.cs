namespace MLNetExtensions.Onnx;

/// <summary>One node of an ONNX graph: an operator, its inputs and outputs by name, and its original attributes.</summary>
public sealed record OnnxNode
{
    /// <summary>The node's name; may be empty, names need not be unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>The operator, as ONNX names it: <c>Conv</c>, <c>Gemm</c> ...</summary>
    public required string OpType { get; init; }

    /// <summary>The operator's domain; empty is ONNX's own (also if the file has <c>ai.onnx</c>).</summary>
    public string Domain { get; init; } = "";

    /// <summary>The names of its inputs; an empty name is an optional input that is not given.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The names of its outputs; an empty name is an output that is not requested.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The attributes the file gives; those with their default value are usually absent.</summary>
    public IReadOnlyDictionary<string, OnnxAttribute> Attributes { get; init; } = new Dictionary<string, OnnxAttribute>();

    internal string DocString { get; init; } = "";

    /// <summary>The overload of the function that is called; empty for operators.</summary>
    internal string Overload { get; init; } = "";

    /// <summary>Makes a node of ONNX's own domain, named after its first output.</summary>
    public static OnnxNode Create(
        string opType,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs,
        params OnnxAttribute[] attributes
    ) =>
        new()
        {
            Name = outputs.Count > 0 ? outputs[0] : "",
            OpType = opType,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes.ToDictionary(a => a.Name),
        };

    /// <summary>The node with one more, or another, attribute.</summary>
    internal OnnxNode With(OnnxAttribute attribute) =>
        this with
        {
            Attributes = new Dictionary<string, OnnxAttribute>(Attributes) { [attribute.Name] = attribute },
        };

    /// <summary>The node without some attributes.</summary>
    internal OnnxNode Without(params string[] names) =>
        this with
        {
            Attributes = Attributes.Where(a => !names.Contains(a.Key)).ToDictionary(),
        };

    /// <summary>True if the optional input at <paramref name="index"/> is given.</summary>
    public bool HasInput(int index) => index < Inputs.Count && Inputs[index].Length > 0;

    /// <summary>
    /// True for an operator whose last input an empty name leaves out, as ONNX allows, where ONNX Runtime reads through it. Written, it has
    /// no such input.
    /// </summary>
    internal bool HasUnnamedEnd => OpType is "LayerNormalization" or "DFT" && Inputs is [_, _, ""];

    /// <summary>True if the output at <paramref name="index"/> is requested.</summary>
    public bool HasOutput(int index) => index < Outputs.Count && Outputs[index].Length > 0;

    /// <summary>An integer attribute, or the operator's default if it is absent.</summary>
    public long Int(string name, long defaultValue) => Get<long?>(name) ?? defaultValue;

    /// <summary>A float attribute, or the operator's default if it is absent.</summary>
    public float Float(string name, float defaultValue) => Get<float?>(name) ?? defaultValue;

    /// <summary>A text attribute, or the operator's default if it is absent.</summary>
    public string String(string name, string defaultValue) => Get<string>(name) ?? defaultValue;

    /// <summary>A list of integers, or null if the attribute is absent.</summary>
    public long[]? Ints(string name) => Get<long[]>(name);

    /// <summary>A list of floats, or null if the attribute is absent.</summary>
    public float[]? Floats(string name) => Get<float[]>(name);

    /// <summary>A tensor attribute, or null if it is absent.</summary>
    public OnnxTensor? Tensor(string name) => Get<OnnxTensor>(name);

    /// <summary>The node's name, or its first output if it has no name.</summary>
    internal string Label => Name.Length > 0 ? Name : Outputs.FirstOrDefault(o => o.Length > 0) ?? "";

    /// <summary>Identifies this node in messages: its operator and its name, or its first output if it has no name.</summary>
    public string Describe() => $"{(Domain.Length > 0 ? Domain + "." : "")}{OpType} '{Label}'";

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Outputs)} = {OpType}({string.Join(", ", Inputs)})";

    private T? Get<T>(string name)
    {
        if (!Attributes.TryGetValue(name, out OnnxAttribute? attribute))
            return default;
        object? found;
        try
        {
            found = attribute.Value;
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException($"Node {Describe()}: attribute '{name}': {e.Message}", e);
        }
        return found is T value
            ? value
            : throw new OnnxFormatException($"Node {Describe()}: attribute '{name}' is {attribute.Proto.Type}, expected {typeof(T).Name}.");
    }
}
