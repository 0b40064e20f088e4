namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The self-normalizing ELU (arXiv 1706.02515); draw weights by <see cref="Initializers.LecunNormal"/>.</summary>
public sealed record Selu : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Selu", [input.Name]);
}
