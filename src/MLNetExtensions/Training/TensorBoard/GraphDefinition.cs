using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.TensorBoard.Proto;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>An ONNX graph as TensorBoard's graph page reads it: a node for each input, initializer, operator and output.</summary>
internal static class GraphDefinition
{
    /// <summary>The version that TensorFlow's own writers of this age state.</summary>
    private const int ProducerVersion = 22;

    public static GraphDef Of(OnnxGraph graph)
    {
        var definition = new GraphDef { Versions = new VersionDef { Producer = ProducerVersion } };
        var names = new NodeNames();
        Dictionary<string, string> producers = []; // from a value to what a NodeDef's input says
        Dictionary<string, OnnxValue> known = graph
            .ValueInfos.Concat(graph.Outputs)
            .DistinctBy(value => value.Name)
            .ToDictionary(value => value.Name);

        foreach (OnnxValue input in graph.Inputs)
            AddSource("input", input.Name, "Placeholder", ShapeOf(input));
        foreach ((string name, OnnxTensor tensor) in graph.Initializers)
            AddSource("", name, "Const", ShapeOf(tensor.Shape));
        foreach (OnnxNode node in graph.Nodes)
        {
            string name = names.Unique(node.Label.Length > 0 ? node.Label : node.OpType);
            var made = new NodeDef { Name = name, Op = node.Domain.Length > 0 ? $"{node.Domain}.{node.OpType}" : node.OpType };
            // A value of an outer graph has no node here.
            made.Input.AddRange(node.Inputs.Where(producers.ContainsKey).Select(input => producers[input]));
            foreach (OnnxAttribute attribute in node.Attributes.Values)
                made.Attr[attribute.Name] = AttributeOf(attribute);
            AddShapes(
                made,
                node.Outputs.Select(output =>
                    known.TryGetValue(output, out OnnxValue? value) ? ShapeOf(value) : new TensorShapeProto { UnknownRank = true }
                )
            );
            definition.Node.Add(made);
            for (int i = 0; i < node.Outputs.Count; i++)
                producers[node.Outputs[i]] = i == 0 ? name : $"{name}:{i}";
        }
        foreach (OnnxValue output in graph.Outputs)
        {
            var made = new NodeDef { Name = names.Unique("output/" + output.Name), Op = "Output" };
            if (producers.TryGetValue(output.Name, out string? producer))
                made.Input.Add(producer);
            AddShapes(made, [ShapeOf(output)]);
            definition.Node.Add(made);
        }
        return definition;

        void AddSource(string scope, string value, string op, TensorShapeProto shape)
        {
            string name = names.Unique(scope.Length > 0 ? $"{scope}/{value}" : value);
            var made = new NodeDef { Name = name, Op = op };
            AddShapes(made, [shape]);
            definition.Node.Add(made);
            producers[value] = name;
        }
    }

    private static void AddShapes(NodeDef node, IEnumerable<TensorShapeProto> shapes)
    {
        var list = new AttrValue.Types.ListValue();
        list.Shape.AddRange(shapes);
        node.Attr["_output_shapes"] = new AttrValue { List = list };
    }

    private static TensorShapeProto ShapeOf(OnnxValue value) =>
        value.Shape is { } shape ? ShapeOf(shape.Select(dimension => dimension.Size ?? -1)) : new TensorShapeProto { UnknownRank = true };

    private static TensorShapeProto ShapeOf(IEnumerable<long> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return shape;
    }

    private static AttrValue AttributeOf(OnnxAttribute attribute)
    {
        var list = new AttrValue.Types.ListValue();
        switch (attribute.Value)
        {
            case long value:
                return new AttrValue { I = value };
            case float value:
                return new AttrValue { F = value };
            case string value:
                return new AttrValue { S = ByteString.CopyFromUtf8(value) };
            case long[] values:
                list.I.AddRange(values);
                return new AttrValue { List = list };
            case float[] values:
                list.F.AddRange(values);
                return new AttrValue { List = list };
            case string[] values:
                list.S.AddRange(values.Select(ByteString.CopyFromUtf8));
                return new AttrValue { List = list };
            case OnnxTensor tensor:
                // The values are the model's business; their type and shape are enough for an image.
                return new AttrValue { S = ByteString.CopyFromUtf8($"{tensor.ElementType}[{string.Join(", ", tensor.Shape)}]") };
            default:
                return new AttrValue { S = ByteString.CopyFromUtf8("(not shown)") };
        }
    }

    /// <summary>TensorBoard takes '/' in names as scopes, ':' for outputs and '^' for control inputs, and wants them unique.</summary>
    private sealed class NodeNames
    {
        private readonly HashSet<string> _used = [];

        public string Unique(string wanted)
        {
            string clean = string.Concat(wanted.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or '>' ? c : '_'))
                .Trim('/');
            if (clean.Length == 0 || !(char.IsAsciiLetterOrDigit(clean[0]) || clean[0] == '.'))
                clean = "n" + clean;
            string name = clean;
            for (int i = 1; !_used.Add(name); i++)
                name = $"{clean}_{i}";
            return name;
        }
    }
}
