namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x where positive, else Slope * x.</summary>
/// <param name="Slope">The slope below 0: 0.01 as in PyTorch; Keras has 0.3, darknet 0.1.</param>
public sealed record LeakyRelu(float Slope = 0.01f) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("LeakyRelu", [input.Name], OnnxAttribute.Of("alpha", Slope));
}
