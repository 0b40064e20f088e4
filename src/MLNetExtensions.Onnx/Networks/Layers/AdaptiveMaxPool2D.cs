namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The largest value of windows of such sizes that the output has a given size, as torch.nn.AdaptiveMaxPool2d.</summary>
/// <param name="OutputSize">The output's rows and columns.</param>
public sealed record AdaptiveMaxPool2D(Size2D OutputSize) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        AdaptiveWindows.Apply(input, layer, OutputSize, "MaxPool", "ReduceMax");
}
