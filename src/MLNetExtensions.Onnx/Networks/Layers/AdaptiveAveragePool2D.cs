namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Averages windows whose sizes give the output a fixed size, like torch.nn.AdaptiveAvgPool2d.</summary>
/// <param name="OutputSize">The output's rows and columns.</param>
public sealed record AdaptiveAveragePool2D(Size2D OutputSize) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        AdaptiveWindows.Apply(input, layer, OutputSize, "AveragePool", "ReduceMean");
}
