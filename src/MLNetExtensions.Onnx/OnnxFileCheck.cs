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
    /// <exception cref="OnnxFormatException">It is not an ONNX model, or it is damaged; the message names the problem and the
    /// place.</exception>
    /// <exception cref="FileNotFoundException">Its external data are missing.</exception>
    public static void CheckFile(string path)
    {
        long length = LinkedFile.Follow(path).Length;
        if (length > int.MaxValue)
            throw new OnnxFormatException(
                $"'{path}' is over 2 GB, the most one ONNX file can hold. Export it with external data (onnx.save_model(..., "
                    + $"save_as_external_data=True))."
            );
        if (length == 0)
            throw new OnnxFormatException($"'{path}' is empty (0 bytes); it is no ONNX model.");
        MappedFile.Read(
            path,
            bytes =>
            {
                Check(bytes, $"'{path}'", new ExternalDataFolder(path));
                return true;
            }
        );
    }

    /// <summary>Checks a model in memory.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="folder">The folder of its external data; null if it may have none.</param>
    /// <exception cref="OnnxFormatException">It is not an ONNX model, or it is damaged; the message names the problem and the
    /// place.</exception>
    /// <exception cref="FileNotFoundException">Its external data are missing.</exception>
    public static void Check(ReadOnlySpan<byte> model, string source, ExternalDataFolder? folder)
    {
        if (FileKind.Describe(model[..Math.Min(model.Length, FileKind.Looked)]) is { } other)
            throw new OnnxFormatException($"{source} is no ONNX model but {other}.");
        try
        {
            bool hasGraph = false;
            for (var reader = new WireReader(model, 0); reader.Next(); )
            {
                if (reader is { Field: 7, HasContent: true })
                {
                    hasGraph = true;
                    Graph(reader.Message(), folder, depth: 1);
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
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException($"{source} is no ONNX model that can be used: {e.Message}", e);
        }
    }

    private static void Graph(WireReader graph, ExternalDataFolder? folder, int depth)
    {
        if (depth > MaxNesting)
            throw new OnnxFormatException($"graphs are nested in graphs more than {MaxNesting} deep.");
        Dictionary<string, long[]> shapes = [];
        for (WireReader reader = graph; reader.Next(); )
            if (
                reader is { Field: 5, HasContent: true }
                && TensorCheck.Check(reader.Message(), folder) is ({ Length: > 0 } name, { } values)
            )
                shapes[name] = values;
        for (WireReader reader = graph; reader.Next(); )
            if (reader is { Field: 1, HasContent: true })
                Node(reader.Message(), folder, depth, shapes);
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
                Node(function.Message(), folder, depth: 1, []);
    }

    private static void Node(WireReader node, ExternalDataFolder? folder, int depth, Dictionary<string, long[]> shapes)
    {
        string? input = null,
            op = null,
            output = null;
        bool leavesOut = false;
        for (WireReader reader = node; reader.Next(); )
        {
            if (!reader.HasContent)
                continue;
            switch (reader.Field)
            {
                case 1:
                    leavesOut |= reader.Content.Length == 0;
                    input ??= Encoding.UTF8.GetString(reader.Content);
                    break;
                case 2:
                    output ??= Encoding.UTF8.GetString(reader.Content);
                    break;
                case 4:
                    op = Encoding.UTF8.GetString(reader.Content);
                    break;
                case 5:
                    Attribute(reader.Message(), folder, depth);
                    break;
            }
        }
        if (leavesOut && op is not null && WellFormed.NeedsEachInput(op))
            throw new OnnxFormatException($"node {op} '{output}' leaves out an input; its operator needs all.");
        // ONNX Runtime makes constants when it loads a model.
        if (
            op == "ConstantOfShape"
            && input is not null
            && shapes.TryGetValue(input, out long[]? sizes)
            && TensorCheck.CountOf(sizes) is null or > MaxConstantBytes / sizeof(float)
        )
            throw new OnnxFormatException(
                $"node ConstantOfShape '{output}' makes a tensor of [{string.Join(',', shapes[input!])}], more than 2 GB."
            );
    }

    private static void Attribute(WireReader attribute, ExternalDataFolder? folder, int depth)
    {
        string name = "";
        var numbers = new List<long>();
        while (attribute.Next())
        {
            if (attribute is { Field: 1, HasContent: true })
                name = Encoding.UTF8.GetString(attribute.Content);
            else if (attribute.Field == 8)
                Numbers(attribute, numbers);
            else if (attribute is { Field: 5 or 10, HasContent: true })
                TensorCheck.Check(attribute.Message(), folder);
            else if (attribute is { Field: 6 or 11, HasContent: true })
                Graph(attribute.Message(), folder, depth + 1);
        }
        if (StatedShape.Problem(name, numbers) is { } problem)
            throw new OnnxFormatException($"a node is none that can be: {problem}");
    }

    private static void Numbers(WireReader field, List<long> numbers)
    {
        if (!field.HasContent)
            numbers.Add(unchecked((long)field.Number));
        for (WireReader packed = field.Message(); field.HasContent && !packed.IsAtEnd; )
            numbers.Add(unchecked((long)packed.Varint()));
    }
}
