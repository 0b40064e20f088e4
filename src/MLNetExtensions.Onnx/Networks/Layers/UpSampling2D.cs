namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Enlarges an image by whole numbers, like Keras's UpSampling2D and torch.nn.Upsample (align_corners false).</summary>
/// <param name="Factor">The factor for rows and columns.</param>
/// <param name="Bilinear">True to interpolate between pixels; false to repeat them.</param>
public sealed record UpSampling2D(Size2D Factor, bool Bilinear = false) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.RequireImage();
        layer.Require(Factor.IsPositive, $"Factor is {Factor}; it must be positive.");
        string scales = layer.Numbers("scales", 1, 1, Factor.Height, Factor.Width);
        return layer.Node(
            "Resize",
            [input.Name, "", scales],
            OnnxAttribute.Of("mode", Bilinear ? "linear" : "nearest"),
            OnnxAttribute.Of("coordinate_transformation_mode", Bilinear ? "half_pixel" : "asymmetric"),
            OnnxAttribute.Of("nearest_mode", "floor")
        );
    }
}
