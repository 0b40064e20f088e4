namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Dropout of whole channels (arXiv 1411.4280), like torch.nn.Dropout2d.</summary>
/// <param name="Rate">The fraction of channels, from 0 up to but not including 1.</param>
public sealed record SpatialDropout2D(float Rate = 0.5f) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        Dropout.DropParts(input, layer, Rate, [layer.RequireImage().Channels, 1, 1]);
}
