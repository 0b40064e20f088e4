namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// An image as a sequence of embedded patches (arXiv 2010.11929): [channels, height, width] to [patches, features], row by row. A
/// convolution <c>proj</c> with the patch as window and step.
/// </summary>
/// <param name="Features">The size of each embedding.</param>
/// <param name="Patch">The size of a patch; images must be whole patches.</param>
public sealed record PatchEmbedding(int Features, Size2D Patch) : Layer
{
    /// <inheritdoc cref="Conv2D.KernelInitializer"/>
    public Initializer? KernelInitializer { get; init; }

    /// <inheritdoc cref="Conv2D.BiasInitializer"/>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (_, int height, int width) = layer.RequireImage();
        layer.Require(
            Patch.IsPositive && height % Patch.Height == 0 && width % Patch.Width == 0,
            $"an image of {height}x{width} is not made of whole patches of {Patch}."
        );
        NetworkValue grid = input.Then(
            new Conv2D(Features, Patch)
            {
                Name = "proj",
                Strides = Patch,
                KernelInitializer = KernelInitializer,
                BiasInitializer = BiasInitializer,
            }
        );
        NetworkValue columns = layer.Node(
            "Reshape",
            [grid.Name, layer.Integers("shape", 0, Features, (long)grid.Shape[1] * grid.Shape[2])]
        );
        return layer.Node("Transpose", [columns.Name], OnnxAttribute.Of("perm", 0L, 2L, 1L));
    }
}
