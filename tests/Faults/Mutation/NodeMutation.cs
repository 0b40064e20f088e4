using System.Text;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>
/// Damage to the nodes of an ONNX file that leaves them nodes: inputs and outputs more or fewer, constants in place of inputs, attributes of
/// other values, lengths or operators.
/// </summary>
internal static class NodeMutation
{
    // The numbers of fields in onnx.proto.
    private const int ModelGraph = 7,
        GraphNode = 1,
        GraphInitializer = 5,
        GraphInput = 11,
        NodeInput = 1,
        NodeOutput = 2,
        NodeOperator = 4,
        NodeAttribute = 5,
        AttributeNumber = 3,
        AttributeNumbers = 8;

    public static byte[] Mutate(byte[] input, Random random)
    {
        if (
            random.Next(6) == 0
            || WireField.Read(input) is not { } model
            || model.Find(f => f is { Number: ModelGraph, Fields: not null }) is not { } graph
        )
            return ProtobufMutation.Mutate(input, random);
        List<List<WireField>> nodes = [];
        Gather(graph.Fields!, nodes);
        if (nodes.Count == 0)
            return ProtobufMutation.Mutate(input, random);
        List<WireField> node = nodes[random.Next(nodes.Count)];
        switch (random.Next(8))
        {
            case 0 or 1:
                Count(node, random.Next(2) == 0 ? NodeInput : NodeOutput, random);
                break;
            case 2:
                Exchange(node, nodes[random.Next(nodes.Count)], NodeOperator, random);
                break;
            case 3:
                Exchange(node, nodes[random.Next(nodes.Count)], NodeAttribute, random);
                break;
            case 4:
                Fix(graph.Fields!, random);
                break;
            default:
                if (!Attribute(node, random))
                    Count(node, NodeInput, random);
                break;
        }
        return WireField.Write(model);
    }

    /// <summary>The nodes of a graph and of the graphs within them.</summary>
    private static void Gather(List<WireField> graph, List<List<WireField>> nodes)
    {
        foreach (WireField field in graph)
        {
            if (field is not { Number: GraphNode, Fields: { } node })
                continue;
            nodes.Add(node);
            foreach (WireField attribute in node.Where(f => f is { Number: NodeAttribute, Fields: not null }))
            foreach (WireField inner in attribute.Fields!.Where(f => f is { Number: 6 or 11, Fields: not null }))
                Gather(inner.Fields!, nodes);
        }
    }

    /// <summary>Makes inputs or outputs of a node more, fewer, unnamed or others.</summary>
    private static void Count(List<WireField> node, int kind, Random random)
    {
        int[] places = [.. Enumerable.Range(0, node.Count).Where(i => node[i].Number == kind)];
        int at = places.Length == 0 ? 0 : places[random.Next(places.Length)];
        switch (places.Length == 0 ? 0 : random.Next(5))
        {
            case 0:
                node.Insert(at, Named(kind, kind == NodeOutput || random.Next(3) == 0 ? $"new{random.Next(1000)}" : ""));
                break;
            case 1:
                node.RemoveAt(at);
                break;
            case 2:
                node[at] = Named(kind, "");
                break;
            case 3 when kind == NodeInput:
                node.Insert(at, node[places[random.Next(places.Length)]].Copy());
                break;
            default:
                int other = places[random.Next(places.Length)];
                (node[at], node[other]) = (node[other], node[at]);
                break;
        }
    }

    private static WireField Named(int number, string name) =>
        new()
        {
            Number = number,
            Kind = 2,
            Content = Encoding.UTF8.GetBytes(name),
        };

    /// <summary>Gives a node an operator or an attribute of another.</summary>
    private static void Exchange(List<WireField> node, List<WireField> other, int kind, Random random)
    {
        WireField[] theirs = [.. other.Where(f => f.Number == kind)];
        int at = node.FindIndex(f => f.Number == kind);
        if (theirs.Length == 0)
        {
            if (at >= 0)
                node.RemoveAt(at);
            return;
        }
        WireField field = theirs[random.Next(theirs.Length)].Copy();
        if (at >= 0 && (kind == NodeOperator || random.Next(2) == 0))
            node[at] = field;
        else
            node.Add(field);
    }

    /// <summary>Makes a constant of an input of the graph, so that ONNX Runtime computes what follows while it opens the file.</summary>
    private static void Fix(List<WireField> graph, Random random)
    {
        int[] inputs = [.. Enumerable.Range(0, graph.Count).Where(i => graph[i] is { Number: GraphInput, Fields: not null })];
        if (inputs.Length == 0)
            return;
        int at = inputs[random.Next(inputs.Length)];
        if (Constant(graph[at].Fields!, random) is not { } tensor)
            return;
        graph.RemoveAt(at);
        graph.Add(
            new WireField
            {
                Number = GraphInitializer,
                Kind = 2,
                Fields = tensor,
            }
        );
    }

    /// <summary>A tensor of the type and the sizes that an input states; null where it states none.</summary>
    private static List<WireField>? Constant(List<WireField> value, Random random)
    {
        WireField? name = value.Find(f => f.Number == 1),
            type = Inner(Inner(value, 2), 1);
        if (name is null || type?.Fields?.Find(f => f is { Number: 1, Kind: 0 }) is not { } element)
            return null;
        List<WireField> tensor = [];
        long count = 1;
        foreach (WireField dimension in Inner(type.Fields, 2)?.Fields?.Where(f => f is { Number: 1, Kind: 2 }) ?? [])
        {
            ulong size = dimension.Fields?.Find(f => f is { Number: 1, Kind: 0 })?.Value ?? 2;
            if (size > 4096 || (count *= (long)size) > 65_536)
                return null;
            tensor.Add(new WireField { Number = 1, Value = size });
        }
        int width = element.Value switch
        {
            1 or 6 or 12 => 4,
            2 or 3 or 9 => 1,
            4 or 5 or 10 or 16 => 2,
            7 or 11 or 13 => 8,
            _ => 0,
        };
        if (width == 0)
            return null;
        var bytes = new byte[count * width];
        for (int i = 0; i < bytes.Length; i += width)
            if (element.Value is 6 or 7 or 2 or 3 or 9)
                bytes[i] = (byte)random.Next(element.Value == 9 ? 2 : 4);
            else
                random.NextBytes(bytes.AsSpan(i, width));
        tensor.Add(new WireField { Number = 2, Value = element.Value });
        tensor.Add(
            new WireField
            {
                Number = 8,
                Kind = 2,
                Content = name.Content,
            }
        );
        tensor.Add(
            new WireField
            {
                Number = 9,
                Kind = 2,
                Content = bytes,
            }
        );
        return tensor;
    }

    private static WireField? Inner(WireField? field, int number) => Inner(field?.Fields, number);

    private static WireField? Inner(List<WireField>? fields, int number) => fields?.Find(f => f.Number == number && f.Kind == 2);

    /// <summary>Changes an attribute: away, another number, a list longer or shorter.</summary>
    /// <returns>False if the node has none.</returns>
    private static bool Attribute(List<WireField> node, Random random)
    {
        WireField[] attributes = [.. node.Where(f => f is { Number: NodeAttribute, Fields: not null })];
        if (attributes.Length == 0)
            return false;
        WireField attribute = attributes[random.Next(attributes.Length)];
        List<WireField> fields = attribute.Fields!;
        int[] numbers = [.. Enumerable.Range(0, fields.Count).Where(i => fields[i].Number is AttributeNumber or AttributeNumbers)];
        if (numbers.Length == 0 || random.Next(8) == 0)
        {
            node.Remove(attribute);
            return true;
        }
        int at = numbers[random.Next(numbers.Length)];
        if (fields[at].Kind == 2)
        {
            // Packed numbers: as many fields, so that they can be more or fewer.
            List<WireField> single = Unpacked(fields[at].Content);
            fields.RemoveAt(at);
            fields.InsertRange(at, single);
            at += single.Count == 0 ? 0 : random.Next(single.Count);
        }
        var number = new WireField { Number = fields.Count > at ? fields[at].Number : AttributeNumbers, Value = Number(random) };
        bool isList = number.Number == AttributeNumbers;
        switch (isList ? random.Next(4) : 3)
        {
            case 0:
                fields.Insert(Math.Min(at, fields.Count), number);
                break;
            case 1 when fields.Count > at:
                fields.RemoveAt(at);
                break;
            default:
                if (fields.Count > at)
                    fields[at] = number;
                else
                    fields.Add(number);
                break;
        }
        return true;
    }

    // Small numbers are those that pass the first checks.
    private static ulong Number(Random random) => unchecked((ulong)(random.Next(3) > 0 ? random.Next(-4, 9) : ByteMutation.Number(random)));

    private static List<WireField> Unpacked(byte[] content)
    {
        List<WireField> numbers = [];
        ulong value = 0;
        int shift = 0;
        foreach (byte part in content)
        {
            value |= shift < 64 ? (ulong)(part & 127) << shift : 0;
            shift += 7;
            if (part > 127)
                continue;
            numbers.Add(new WireField { Number = AttributeNumbers, Value = value });
            (value, shift) = (0, 0);
        }
        return numbers;
    }
}
