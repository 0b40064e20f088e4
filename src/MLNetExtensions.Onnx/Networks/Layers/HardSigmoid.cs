namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x / 6 + 1/2 within 0 and 1 (arXiv 1905.02244), as in PyTorch and Keras 3.</summary>
public sealed record HardSigmoid : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("HardSigmoid", [input.Name], OnnxAttribute.Of("alpha", 1f / 6), OnnxAttribute.Of("beta", 0.5f));
}
