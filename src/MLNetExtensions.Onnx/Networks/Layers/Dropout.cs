namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Sets a fraction of the values to 0 in training and scales up the others, so that the mean stays (Srivastava et al. 2014). Does nothing
/// in inference.
/// </summary>
/// <param name="Rate">The fraction to drop, from 0 up to but not including 1.</param>
public sealed record Dropout(float Rate = 0.5f) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(Rate is >= 0 and < 1, $"Rate is {Rate}; it must be from 0 up to but not including 1.");
        return Rate == 0 ? input : layer.Node("Dropout", [input.Name, layer.Number("ratio", Rate)]);
    }

    /// <summary>
    /// Drops whole parts: the input times a dropped-out tensor of ones that has the input's batch and the given other sizes.
    /// </summary>
    internal static NetworkValue DropParts(NetworkValue input, LayerContext layer, float rate, ReadOnlySpan<int> sizes)
    {
        layer.Require(rate is >= 0 and < 1, $"Rate is {rate}; it must be from 0 up to but not including 1.");
        if (rate == 0)
            return input;
        // The ones come from ConstantOfShape, as a float initializer would be taken for a parameter.
        NetworkValue batch = layer.Node("Shape", [input.Name], OnnxAttribute.Of("end", 1L));
        string others = layer.Integers("sizes", [.. sizes.ToArray().Select(size => (long)size)]);
        NetworkValue shape = layer.Node("Concat", [batch.Name, others], OnnxAttribute.Of("axis", 0L));
        NetworkValue ones = layer.Node("ConstantOfShape", [shape.Name], OnnxAttribute.Of("value", OnnxTensor.FromFloats("", [1], [1])));
        NetworkValue kept = layer.Node("Dropout", [ones.Name, layer.Number("ratio", rate)]);
        return layer.Node("Mul", [input.Name, kept.Name]);
    }
}
