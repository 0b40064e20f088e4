namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The mean of each channel: [channels, height, width] to [channels].</summary>
public sealed record GlobalAveragePool2D : Layer
{
    /// <summary>True to keep height and width as dimensions of size 1.</summary>
    /// <value>The default is false.</value>
    public bool KeepDimensions { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.RequireImage();
        NetworkValue pooled = layer.Node("GlobalAveragePool", [input.Name]);
        return KeepDimensions ? pooled : layer.Node("Flatten", [pooled.Name]);
    }
}
