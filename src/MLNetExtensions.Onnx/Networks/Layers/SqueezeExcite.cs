namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Squeeze and excitation (arXiv 1709.01507): each channel times a gate from 0 to 1 that two 1x1 convolutions, <c>fc1</c> and <c>fc2</c>,
/// compute from the channels' means.
/// </summary>
/// <param name="Squeezed">The number of channels between the two.</param>
public sealed record SqueezeExcite(int Squeezed) : Layer
{
    /// <summary>The activation between the two.</summary>
    /// <value>The default is ReLU; EfficientNet uses SiLU.</value>
    public Layer Activation { get; init; } = new Relu();

    /// <summary>The activation of the gates.</summary>
    /// <value>The default is the sigmoid; MobileNetV3 uses the hard sigmoid.</value>
    public Layer Gate { get; init; } = new Sigmoid();

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        int channels = layer.RequireImage().Channels;
        NetworkValue gates = input.Then(
            new GlobalAveragePool2D { KeepDimensions = true },
            new Conv2D(Squeezed, 1) { Name = "fc1" },
            Activation,
            new Conv2D(channels, 1) { Name = "fc2" },
            Gate
        );
        return input * gates;
    }
}
