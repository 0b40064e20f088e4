namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The self-normalising ELU (arXiv 1706.02515); draw weights by <see cref="Initializers.LecunNormal"/>.</summary>
public sealed record SELU : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Selu", [input.Name]);
}
