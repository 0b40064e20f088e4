using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>
/// The ONNX graph in the making, for the ops' translators. Images are held NCHW from the input on; weights are transposed here.
/// </summary>
internal sealed class GraphImport
{
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, int> _suffixes = [];
    private readonly Dictionary<string, ImportedValue> _values = [];
    private readonly Dictionary<string, string> _forms = [];

    /// <summary>The nodes so far.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The constants that nodes read.</summary>
    public OrderedDictionary<string, OnnxTensor> Initializers { get; } = [];

    /// <summary>The inputs so far.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>The batch size that the file states for its input, which becomes open; -1 if it is open there.</summary>
    public long DeclaredBatch { get; set; } = -1;

    public ImportedValue this[string name]
    {
        get =>
            _values.TryGetValue(name, out ImportedValue? found)
                ? found
                : throw new TensorFlowFormatException($"Output '{name}' is one that the import does not make.");
        set => _values[name] = value;
    }

    /// <summary>The sizes of a value as ONNX holds it.</summary>
    public static long[] OnnxShape(ImportedValue value) =>
        value.ChannelsFirst ? [value.Shape[0], value.Shape[3], value.Shape[1], value.Shape[2]] : value.Shape;

    /// <summary>A name that nothing has yet.</summary>
    public string Fresh(string name)
    {
        string fresh = name;
        while (!_names.Add(fresh))
            fresh = $"{name}_{_suffixes[name] = _suffixes.GetValueOrDefault(name) + 1}";
        return fresh;
    }

    /// <summary>Adds a node.</summary>
    /// <returns>The name of its output.</returns>
    public string Emit(string op, string name, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = Fresh(name);
        Nodes.Add(OnnxNode.Create(op, inputs, [output], attributes));
        return output;
    }

    /// <summary>Adds a constant.</summary>
    public string Add(OnnxTensor tensor)
    {
        string name = Fresh(tensor.Name);
        Initializers[name] = tensor.Rename(name);
        return name;
    }

    public string Int64s(string name, params long[] values) => Add(OnnxTensor.FromInt64s(name, [values.Length], values));

    /// <summary>A value's name in ONNX in TensorFlow's order of dimensions.</summary>
    public string Plain(ImportedValue value)
    {
        if (value.ChannelsFirst)
            return Form(value, "nhwc", () => Emit("Transpose", value.Name + "/nhwc", [value.Name], OnnxAttribute.Of("perm", 0, 2, 3, 1)));
        if (value.Constant is { } constant)
            return Form(value, "", () => Add(constant.Rename(value.Name)));
        if (value.Ints is not null)
            throw new TensorFlowFormatException(
                $"'{value.Name}' is computed from the batch's size and read by an op that computes images."
            );
        return value.Name;
    }

    /// <summary>
    /// A value's name in ONNX with its channels first, to be combined with an image held so: fewer dimensions broadcast as in TensorFlow.
    /// </summary>
    public string Image(ImportedValue value)
    {
        if (value.ChannelsFirst)
            return value.Name;
        if (value.Rank == 0)
            return Plain(value);
        if (value.Constant is { } constant)
        {
            return Form(
                value,
                "nchw",
                () =>
                {
                    long[] shape = [.. Enumerable.Repeat(1L, 4 - value.Rank), .. value.Shape];
                    return Add(LayoutEvaluation.Transpose(constant.Reshape(shape), 0, 3, 1, 2).Rename(value.Name));
                }
            );
        }
        return Form(
            value,
            "nchw",
            () =>
            {
                string name = Plain(value);
                if (value.Rank < 4)
                    name = Emit(
                        "Unsqueeze",
                        value.Name + "/4d",
                        [name, Int64s(value.Name + "/axes", [.. Enumerable.Range(0, 4 - value.Rank).Select(i => (long)i)])]
                    );
                return Emit("Transpose", value.Name + "/nchw", [name], OnnxAttribute.Of("perm", 0, 3, 1, 2));
            }
        );
    }

    /// <summary>The number of a dimension in ONNX.</summary>
    public static long Axis(ImportedValue value, long axis)
    {
        axis = axis < 0 ? axis + value.Rank : axis;
        return value.ChannelsFirst
            ? axis switch
            {
                1 => 2,
                2 => 3,
                3 => 1,
                _ => axis,
            }
            : axis;
    }

    /// <summary>The numbers of an input that must be constant.</summary>
    public static long[] Ints(ImportNode node, ImportedValue value) =>
        value.Ints
        ?? (
            value.Constant is { } constant && constant.ElementType is OnnxElementType.Int32 or OnnxElementType.Int64
                ? value.Constant!.ToInt64s()
                : throw node.Error($"'{value.Name}' must be a constant.")
        );

    private string Form(ImportedValue value, string form, Func<string> make)
    {
        string key = $"{value.Name}\n{form}";
        return _forms.TryGetValue(key, out string? name) ? name : _forms[key] = make();
    }
}
