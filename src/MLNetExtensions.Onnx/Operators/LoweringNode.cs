using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Operators;

/// <summary>A node together with the facts known about its inputs, for shape inference, constant evaluation and decompositions.</summary>
internal sealed class LoweringNode(OnnxNode node, LoweringValues values)
{
    // Numbers that no file stores, such as those of a ConstantOfShape, are made here.
    private const long MaxDescribed = 1 << 20;

    public OnnxNode Node => node;

    public string OpType => node.OpType;

    public int InputCount => node.Inputs.Count;

    public bool HasInput(int index) => node.HasInput(index);

    /// <summary>The type of a required input.</summary>
    public TensorType Type(int index) =>
        node.HasInput(index) ? values.Types[node.Inputs[index]] : throw Malformed($"input {index} is missing");

    public OnnxElementType ElementType(int index) => Type(index).ElementType;

    public long[] Shape(int index) => Type(index).Shape;

    public int Rank(int index) => Type(index).Shape.Length;

    /// <summary>The value of an input where it is known now, else null.</summary>
    public OnnxTensor? Constant(int index) => node.HasInput(index) ? values.Constants.GetValueOrDefault(node.Inputs[index]) : null;

    /// <summary>The integers of an input that must be known now, or null where the optional input is not given.</summary>
    /// <exception cref="UnsupportedNodeException">They depend on the data.</exception>
    public long[]? Ints(int index)
    {
        if (!node.HasInput(index))
            return null;
        OnnxTensor tensor =
            Constant(index)
            ?? throw new UnsupportedNodeException(
                $"input {index} ('{node.Inputs[index]}') depends on the data, so that the shape cannot be known beforehand"
            );
        return tensor.IsStored || tensor.Count <= MaxDescribed
            ? tensor.ToInt64s()
            : throw Malformed($"input {index} has {tensor.Count} numbers, far more than there are dimensions");
    }

    /// <summary>The same as <see cref="Ints"/>, for a required input.</summary>
    public long[] RequiredInts(int index) => Ints(index) ?? throw Malformed($"input {index} is missing");

    /// <summary>An axis attribute, counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw Malformed($"axis {axis} is outside a tensor of {rank} dimensions");

    /// <summary>An attribute that names an element type.</summary>
    public OnnxElementType TypeAttribute(string name) =>
        ElementTypes.Of(node.Int(name, 0)) is var type and not OnnxElementType.Undefined
            ? type
            : throw Malformed($"its attribute '{name}' {node.Int(name, 0)} is no element type");

    /// <summary>The error for a node that breaks the rules of its operator.</summary>
    public OnnxFormatException Malformed(string what)
    {
        string inputs = string.Join(
            ", ",
            node.Inputs.Select(i => $"{i} {(values.Types.TryGetValue(i, out TensorType? type) ? type : "-")}")
        );
        return new OnnxFormatException($"Node {node.Describe()}: {what}. Its inputs are ({inputs}).");
    }
}
