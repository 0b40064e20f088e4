namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>An image as a sequence of its rows: [channels, height, width] to [height, channels * width].</summary>
public sealed record RowSequence : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int channels, int height, int width) = layer.RequireImage();
        NetworkValue rows = layer.Node("Transpose", [input.Name], OnnxAttribute.Of("perm", 0L, 2L, 1L, 3L));
        return layer.Node("Reshape", [rows.Name, layer.Integers("shape", 0, height, (long)channels * width)]);
    }
}
