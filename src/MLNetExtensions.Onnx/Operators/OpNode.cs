namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// One node of a lowered graph, in its opset-22 form, with static shapes, as a runtime's kernels see it: everything that does not depend on
/// values (attributes, shapes, pads, axes) is known.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="lowered">Its graph.</param>
/// <param name="variables">The names of the initializers that training changes.</param>
/// <param name="read">The names of the values that are read.</param>
internal class OpNode(OnnxNode node, LoweredGraph lowered, IReadOnlySet<string> variables, IReadOnlySet<string> read)
{
    /// <summary>The node.</summary>
    public OnnxNode Node => node;

    /// <summary>
    /// The input's tensor where it is an initializer that training never changes (no parameter, no BatchNorm state); else null.
    /// </summary>
    public OnnxTensor? ConstantInput(int index) =>
        node.HasInput(index) && !variables.Contains(node.Inputs[index])
            ? lowered.Graph.Initializers.GetValueOrDefault(node.Inputs[index])
            : null;

    /// <summary>The integers of a constant input such as axes or a shape, or null where the optional input is not given.</summary>
    /// <exception cref="UnsupportedOpException">The input is computed at run time.</exception>
    public long[]? ConstantInt64s(int index) =>
        node.HasInput(index)
            ? (ConstantInput(index) ?? throw Unsupported($"input {index} ('{node.Inputs[index]}') depends on run-time values")).ToInt64s()
            : null;

    /// <summary>The type and shape of an input.</summary>
    public TensorType InputType(int index) => TypeOf(node.Inputs[index]);

    /// <summary>The type and shape of an output.</summary>
    public TensorType OutputType(int index) => TypeOf(node.Outputs[index]);

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public OnnxNode? ProducerOf(string value) => lowered.Graph.ProducerOf(value);

    /// <summary>The nodes that read a value.</summary>
    public IEnumerable<OnnxNode> ReadersOf(string value) => lowered.Graph.Nodes.Where(n => n.Inputs.Contains(value));

    /// <summary>True if the output is read by a node or is an output of the graph.</summary>
    public bool IsOutputUsed(int index) => node.HasOutput(index) && read.Contains(node.Outputs[index]);

    /// <summary>The exception to throw where this op cannot do what the node asks; all of a model's are collected into one error.</summary>
    /// <param name="reason">The unsupported feature, such as <c>auto_pad with dilations</c>.</param>
    public UnsupportedOpException Unsupported(string reason) => new(reason);

    private TensorType TypeOf(string value)
    {
        if (lowered.Types.TryGetValue(value, out TensorType? type))
            return type;
        return lowered.Graph.Initializers.TryGetValue(value, out OnnxTensor? tensor)
            ? new TensorType(tensor.ElementType, [.. tensor.Shape])
            : throw new InvalidOperationException($"Node {node.Describe()}: value '{value}' has no type in the lowered graph.");
    }
}
