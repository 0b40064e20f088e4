namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Adds a learned vector to each step of a sequence. Parameter <c>pos_embed</c> [1, steps, features].</summary>
public sealed record PositionEmbedding : Layer
{
    internal override bool IsTransparent => true;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int steps, int features) = layer.RequireSequence();
        return layer.Node(
            "Add",
            [input.Name, layer.Parameter("pos_embed", new Initializers.TruncatedNormal(), Fan.None, 1, steps, features)]
        );
    }
}
