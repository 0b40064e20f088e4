namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The largest value of each channel: [channels, height, width] to [channels].</summary>
public sealed record GlobalMaxPool2D : Layer
{
    /// <summary>True to keep height and width as dimensions of size 1.</summary>
    /// <value>The default is false.</value>
    public bool KeepDimensions { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.RequireImage();
        NetworkValue pooled = layer.Node("GlobalMaxPool", [input.Name]);
        return KeepDimensions ? pooled : layer.Node("Flatten", [pooled.Name]);
    }
}
