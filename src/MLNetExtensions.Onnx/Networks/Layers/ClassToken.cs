namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A learned token before a sequence (arXiv 2010.11929): [steps, features] to [steps + 1, features]. Parameter <c>cls_token</c> [1, 1,
/// features].
/// </summary>
public sealed record ClassToken : Layer
{
    internal override bool IsTransparent => true;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (_, int features) = layer.RequireSequence();
        string token = layer.Parameter("cls_token", new Initializers.TruncatedNormal(), Fan.None, 1, 1, features);
        NetworkValue batch = layer.Node("Shape", [input.Name], OnnxAttribute.Of("end", 1L));
        NetworkValue shape = layer.Node("Concat", [batch.Name, layer.Integers("sizes", 1, features)], OnnxAttribute.Of("axis", 0L));
        NetworkValue tokens = layer.Node("Expand", [token, shape.Name]);
        return layer.Node("Concat", [tokens.Name, input.Name], OnnxAttribute.Of("axis", 1L));
    }
}
