using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.UnseenModels;

/// <summary>
/// An ONNX file as it is written, node by node, with drawn weights. It writes the file's messages itself, so that it can write what the
/// library's own graph has no form for. Operators whose form changed between opsets are in ModelDraft.Operators.cs, layers in
/// ModelDraft.Layers.cs.
/// </summary>
internal sealed partial class ModelDraft(int seed)
{
    private readonly Random _random = new(seed);
    private readonly GraphProto _graph = new();
    private readonly MemoryStream _external = new();
    private readonly MemoryStream _appended = new();
    private readonly HashSet<string> _names = [];
    private int _nodes;

    /// <summary>The opset of ONNX's own domain.</summary>
    public int Opset { get; set; } = 13;

    /// <summary>The version of the file format; below 4, initializers are inputs too.</summary>
    public long IrVersion { get; set; } = 8;

    public string Producer { get; set; } = "pytorch";

    public string ProducerVersion { get; set; } = "2.1.0";

    public string GraphName { get; set; } = "main_graph";

    /// <summary>Other domains than ONNX's own, by name.</summary>
    public Dictionary<string, int> Domains { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Where weights are put.</summary>
    public WeightStyle Weights { get; set; }

    /// <summary>The type of weights and of computation.</summary>
    public OnnxElementType Float { get; set; } = OnnxElementType.Float;

    /// <summary>The name of the value that the n-th node makes.</summary>
    public Func<string, int, string> ValueName { get; set; } = (op, n) => $"/{op}_{n}_output_0";

    /// <summary>The name of the n-th node.</summary>
    public Func<string, int, string> NodeName { get; set; } = (op, n) => $"/{op}_{n}";

    /// <summary>The name of a layer's weight: of a layer "conv1" the "weight", "bias", "running_mean" ...</summary>
    public Func<string, string, string> WeightName { get; set; } = (layer, part) => $"{layer}.{part}";

    /// <summary>Adds an input. Dimensions are numbers or names; an empty name is unknown.</summary>
    public string Input(string name, params object[] dimensions) => Input(name, Float, dimensions);

    public string Input(string name, OnnxElementType type, params object[] dimensions)
    {
        _graph.Input.Add(Describe(name, type, dimensions));
        _names.Add(name);
        return name;
    }

    /// <summary>Makes a value an output under its own name.</summary>
    public void Output(string value, params object[] dimensions) => Output(value, Float, dimensions);

    public void Output(string value, OnnxElementType type, params object[] dimensions) =>
        _graph.Output.Add(Describe(value, type, dimensions));

    /// <summary>Makes a value an output of a type that only other domains have.</summary>
    public void Output(string value, TypeProto type) => _graph.Output.Add(new ValueInfoProto { Name = value, Type = type });

    /// <summary>Gives the last node's first output, the end of the network, a name of its own and makes it an output.</summary>
    public void End(string value, string name, params object[] dimensions)
    {
        NodeProto node = _graph.Node.Last(n => n.Output.Contains(value));
        node.Output[node.Output.IndexOf(value)] = name;
        Output(name, dimensions);
    }

    /// <summary>Adds a node of ONNX's own domain, and gives its first output.</summary>
    public string Node(string op, string[] inputs, params OnnxAttribute[] attributes) => Nodes(op, inputs, 1, attributes)[0];

    /// <summary>Adds a node of another domain.</summary>
    public string Foreign(string domain, string op, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = Node(op, inputs, attributes);
        _graph.Node[^1].Domain = domain;
        Domains.TryAdd(domain, 1);
        return output;
    }

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Nodes(string op, string[] inputs, int outputs, params OnnxAttribute[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = NodeName(op, _nodes) };
        node.Input.AddRange(inputs);
        string name = Unused(ValueName(op, _nodes++));
        string[] made = [name, .. Enumerable.Range(1, outputs - 1).Select(i => Unused($"{name}.{i}"))];
        node.Output.AddRange(made);
        node.Attribute.AddRange(attributes.Select(a => a.Proto));
        _graph.Node.Add(node);
        return made;
    }

    /// <summary>A constant of the exporter's own: shapes, axes, factors. Where weights are Constant nodes, so is this.</summary>
    public string Constant(OnnxTensor tensor) =>
        Weights == WeightStyle.ConstantNode || UsesConstantNodes
            ? Node("Constant", [], OnnxAttribute.Of("value", tensor.Rename("")))
            : Initializer(tensor);

    /// <summary>Whether shapes, axes and factors are Constant nodes, as TorchScript writes them.</summary>
    public bool UsesConstantNodes { get; set; }

    /// <summary>A list of whole numbers.</summary>
    public string Longs(params long[] values) => Constant(OnnxTensor.FromInt64s(Unused($"const_{_names.Count}"), [values.Length], values));

    /// <summary>A whole number without dimensions.</summary>
    public string Long(long value) => Constant(OnnxTensor.FromInt64s(Unused($"const_{_names.Count}"), [], [value]));

    /// <summary>A number without dimensions.</summary>
    public string Scalar(float value) => Constant(Typed(Unused($"const_{_names.Count}"), [], [value], Float));

    /// <summary>Adds an initializer as it is.</summary>
    public string Initializer(OnnxTensor tensor)
    {
        _names.Add(tensor.Name);
        _graph.Initializer.Add(OnnxWriter.WriteTensor(tensor));
        return tensor.Name;
    }

    /// <summary>Takes a name that nothing has.</summary>
    public string Unused(string name)
    {
        string unused = name;
        for (int i = 1; !_names.Add(unused); i++)
            unused = $"{name}_{i}";
        return unused;
    }

    /// <summary>
    /// Adds bytes behind the model's: protobuf merges them, so that they may hold what this library's messages leave out.
    /// </summary>
    public void Append(byte[] bytes) => _appended.Write(bytes);

    /// <summary>Changes the graph's messages by hand.</summary>
    public void Edit(Action<GraphProto> edit) => edit(_graph);

    /// <summary>The file's bytes; without external data.</summary>
    public byte[] ToBytes()
    {
        _graph.Name = GraphName;
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = Producer,
            ProducerVersion = ProducerVersion,
            Graph = _graph.Clone(),
        };
        if (IrVersion < 4)
            model.Graph.Input.AddRange(
                _graph.Initializer.Select(i => Describe(i.Name, (OnnxElementType)i.DataType, [.. i.Dims.Cast<object>()]))
            );
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.OpsetImport.AddRange(Domains.Select(d => new OperatorSetIdProto { Domain = d.Key, Version = d.Value }));
        model.MetadataProps.AddRange(Metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return [.. model.ToByteArray(), .. _appended.ToArray()];
    }

    /// <summary>Writes the file, and the one of its external data, into a folder.</summary>
    public string Write(string folder, string name)
    {
        string path = Path.Combine(folder, name + ".onnx");
        File.WriteAllBytes(path, ToBytes());
        if (_external.Length > 0)
            File.WriteAllBytes(Path.Combine(folder, ExternalFile), _external.ToArray());
        return path;
    }

    private const string ExternalFile = "weights.bin";

    private static ValueInfoProto Describe(string name, OnnxElementType type, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(
            dimensions.Select(d =>
                d switch
                {
                    string text => text.Length == 0
                        ? new TensorShapeProto.Types.Dimension()
                        : new TensorShapeProto.Types.Dimension { DimParam = text },
                    _ => new TensorShapeProto.Types.Dimension
                    {
                        DimValue = Convert.ToInt64(d, System.Globalization.CultureInfo.InvariantCulture),
                    },
                }
            )
        );
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }
}
