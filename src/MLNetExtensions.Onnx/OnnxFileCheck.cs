using System.Text;

namespace MLNetExtensions.Onnx;

/// <summary>
/// Looks through a model before anything is allocated for it: whole messages, nesting that a stack bears, tensors whose data are as many as
/// their dimensions say, external data that are there. What operators there are and how they fit is left to ONNX Runtime.
/// </summary>
internal static class OnnxFileCheck
{
    // ONNX Runtime runs no graphs nested as deep; each level is some frames of the stack.
    private const int MaxNesting = 32;

    // The most bytes that one value of a graph may be made to have by constants alone.
    private const long MaxConstantBytes = int.MaxValue;

    /// <summary>Checks a file.</summary>
    /// <returns>True if a node has to be written anew (<see cref="OnnxNode.HasUnnamedEnd"/>), before ONNX Runtime reads it.</returns>
    /// <exception cref="OnnxFormatException">It is not an ONNX model, or it is damaged; the message names the problem and the
    /// place.</exception>
    /// <exception cref="FileNotFoundException">Its external data are missing.</exception>
    public static bool CheckFile(string path)
    {
        long length = LinkedFile.Follow(path).Length;
        if (length > int.MaxValue)
            throw new OnnxFormatException(
                $"'{path}' is over 2 GB, the most one ONNX file can hold. Export it with external data (onnx.save_model(..., "
                    + $"save_as_external_data=True))."
            );
        if (length == 0)
            throw new OnnxFormatException($"'{path}' is empty (0 bytes); it is no ONNX model.");
        return MappedFile.Read(path, bytes => Check(bytes, $"'{path}'", new ExternalDataFolder(path)));
    }

    /// <summary>Checks a model in memory.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="folder">The folder of its external data; null if it may have none.</param>
    /// <returns>True if a node has to be written anew.</returns>
    /// <exception cref="OnnxFormatException">It is not an ONNX model, or it is damaged; the message names the problem and the
    /// place.</exception>
    /// <exception cref="FileNotFoundException">Its external data are missing.</exception>
    public static bool Check(ReadOnlySpan<byte> model, string source, ExternalDataFolder? folder)
    {
        if (FileKind.Describe(model[..Math.Min(model.Length, FileKind.Looked)]) is { } other)
            throw new OnnxFormatException($"{source} is no ONNX model but {other}.");
        try
        {
            bool hasGraph = false,
                hasUnnamedEnd = false;
            for (var reader = new WireReader(model, 0); reader.Next(); )
            {
                if (reader is { Field: 7, HasContent: true })
                {
                    hasGraph = true;
                    Graph(reader.Message(), folder, depth: 1, ref hasUnnamedEnd);
                }
                else if (reader is { Field: 14, HasContent: true })
                {
                    Metadata(reader.Message());
                }
                else if (reader is { Field: 25, HasContent: true })
                {
                    Function(reader.Message(), folder);
                }
            }
            if (!hasGraph)
                throw new OnnxFormatException("it has no graph.");
            return hasUnnamedEnd;
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException($"{source} is no ONNX model that can be used: {e.Message}", e);
        }
    }

    private static void Graph(WireReader graph, ExternalDataFolder? folder, int depth, ref bool hasUnnamedEnd)
    {
        if (depth > MaxNesting)
            throw new OnnxFormatException($"graphs are nested in graphs more than {MaxNesting} deep.");
        Dictionary<string, long[]> constants = [];
        for (WireReader reader = graph; reader.Next(); )
            if (
                reader is { Field: 5, HasContent: true }
                && TensorCheck.Check(reader.Message(), folder) is ({ Length: > 0 } name, { } values)
            )
                constants[name] = values;
        for (WireReader reader = graph; reader.Next(); )
            if (reader is { Field: 1, HasContent: true })
                hasUnnamedEnd |= Node(reader.Message(), folder, depth, constants).HasUnnamedEnd;
            else if (reader is { Field: 11 or 12 or 13, HasContent: true })
                Value(reader.Message());
    }

    /// <summary>An input, an output, or a value between nodes.</summary>
    private static void Value(WireReader value)
    {
        string name = "";
        while (value.Next())
            if (value is { Field: 1, HasContent: true })
                name = Encoding.UTF8.GetString(value.Content);
            else if (value is { Field: 2, HasContent: true })
                for (WireReader type = value.Message(); type.Next(); )
                    if (type is { Field: 1, HasContent: true })
                        TensorType(name, type.Message());
    }

    private static void TensorType(string name, WireReader type)
    {
        ulong elementType = 0;
        int rank = 0;
        var sizes = new List<long>();
        while (type.Next())
        {
            if (type is { Field: 1, HasContent: false })
                elementType = type.Number;
            else if (type is { Field: 2, HasContent: true })
                for (WireReader shape = type.Message(); shape.Next(); )
                {
                    if (shape is not { Field: 1, HasContent: true })
                        continue;
                    rank++;
                    for (WireReader dimension = shape.Message(); dimension.Next(); )
                        if (dimension is { Field: 1, HasContent: false, Number: <= long.MaxValue })
                            sizes.Add((long)dimension.Number);
                }
        }
        if (elementType <= byte.MaxValue && StatedShape.Problem(name, (OnnxElementType)elementType, sizes, rank) is { } problem)
            throw new OnnxFormatException(problem);
    }

    private static void Metadata(WireReader entry)
    {
        while (entry.Next())
            if (entry is { Field: 1, HasContent: true } && entry.Content.Contains((byte)0))
                throw new OnnxFormatException($"the name of an entry of its metadata holds a zero byte, at byte {entry.ContentStart}.");
    }

    private static void Function(WireReader function, ExternalDataFolder? folder)
    {
        for (; function.Next(); )
            if (function is { Field: 7, HasContent: true })
                // Inner as those of a graph in a node.
                Node(function.Message(), folder, depth: 2, []);
    }

    private static OnnxNode Node(WireReader node, ExternalDataFolder? folder, int depth, Dictionary<string, long[]> constants)
    {
        for (WireReader reader = node; reader.Next(); )
            if (reader is { Field: 5, HasContent: true })
                Attribute(reader.Message(), folder, depth);
        OnnxNode head = NodeHead.Read(node);
        RuntimeLimits.Check(head, isInner: depth > 1);
        // ONNX Runtime computes constants when it loads a model.
        if (
            head is { OpType: "ConstantOfShape", Inputs: [var input, ..] }
            && constants.TryGetValue(input, out long[]? sizes)
            && TensorCheck.CountOf(sizes) is null or > MaxConstantBytes / sizeof(float)
        )
            throw new OnnxFormatException($"node {head.Describe()} makes a tensor of [{string.Join(',', sizes!)}], more than 2 GB.");
        RuntimeLimits.CheckConstants(head, constants);
        return head;
    }

    private static void Attribute(WireReader attribute, ExternalDataFolder? folder, int depth)
    {
        string name = "";
        bool hasUnnamedEnd = false;
        var numbers = new List<long>();
        while (attribute.Next())
        {
            if (attribute is { Field: 1, HasContent: true })
                name = Encoding.UTF8.GetString(attribute.Content);
            else if (attribute.Field == 8)
                attribute.AddNumbers(numbers);
            else if (attribute is { Field: 5 or 10, HasContent: true })
                TensorCheck.Check(attribute.Message(), folder);
            else if (attribute is { Field: 6 or 11, HasContent: true })
                // There a node that would have to be written anew is refused.
                Graph(attribute.Message(), folder, depth + 1, ref hasUnnamedEnd);
        }
        if (StatedShape.Problem(name, numbers) is { } problem)
            throw new OnnxFormatException($"a node is none that can be: {problem}");
    }
}
