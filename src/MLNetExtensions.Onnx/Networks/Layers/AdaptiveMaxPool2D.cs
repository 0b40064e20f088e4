namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Takes the largest value of windows whose sizes give the output a fixed size, like torch.nn.AdaptiveMaxPool2d.</summary>
/// <param name="OutputSize">The output's rows and columns.</param>
public sealed record AdaptiveMaxPool2D(Size2D OutputSize) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        AdaptiveWindows.Apply(input, layer, OutputSize, "MaxPool", "ReduceMax");
}
