namespace MLNetExtensions.Onnx.Tensors;

/// <summary>Finds and reads the values of <c>Constant</c> nodes, whichever attribute holds them.</summary>
internal static class ConstantNode
{
    /// <summary>The constant behind a value, an initializer or a <c>Constant</c> node's; null if it is computed, or an input.</summary>
    /// <exception cref="OnnxFormatException">The <c>Constant</c> node holds no value.</exception>
    public static OnnxTensor? Find(OnnxGraph graph, string value) =>
        graph.Initializers.GetValueOrDefault(value)
        ?? (graph.ProducerOf(value) is { OpType: "Constant", Domain: "" } node ? Read(node) : null);

    /// <summary>The value of a node.</summary>
    /// <exception cref="OnnxFormatException">The node holds no value.</exception>
    public static OnnxTensor Read(OnnxNode node)
    {
        string name = node.Outputs[0];
        if ((node.Tensor("value") ?? node.Tensor("sparse_value")) is { } tensor)
            return tensor.Rename(name);
        if (node.Attributes.ContainsKey("value_float"))
            return OnnxTensor.FromFloats(name, [], [node.Float("value_float", 0)]);
        if (node.Floats("value_floats") is { } floats)
            return OnnxTensor.FromFloats(name, [floats.Length], floats);
        if (node.Attributes.ContainsKey("value_int"))
            return OnnxTensor.FromInt64s(name, [], [node.Int("value_int", 0)]);
        if (node.Ints("value_ints") is { } ints)
            return OnnxTensor.FromInt64s(name, [ints.Length], ints);
        if (node.Attributes.ContainsKey("value_string"))
            return OnnxTensor.FromStrings(name, [], [node.String("value_string", "")]);
        if (node.Attributes.TryGetValue("value_strings", out OnnxAttribute? texts) && texts.Value is string[] strings)
            return OnnxTensor.FromStrings(name, [strings.Length], strings);
        throw new OnnxFormatException($"Node {node.Describe()} holds no value.");
    }
}
