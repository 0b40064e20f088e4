namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// The sum of a branch and its input (arXiv 1512.03385), or of a branch and a projection of its input where shapes differ.
/// </summary>
/// <param name="Branch">The branch, usually a <see cref="Sequential"/>.</param>
/// <param name="Shortcut">The projection, such as a 1x1 convolution; null is the input itself.</param>
public sealed record Residual(Layer Branch, Layer? Shortcut = null) : Layer
{
    internal override bool IsTransparent => true;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        NetworkValue branch = input.Then(Branch),
            shortcut = Shortcut is null ? input : input.Then(Shortcut);
        layer.Require(
            branch.Shape.SequenceEqual(shortcut.Shape),
            $"the branch gives [{string.Join(", ", branch.Shape)}], the shortcut [{string.Join(", ", shortcut.Shape)}]; they must "
                + $"agree. Give it a Shortcut, such as a Conv2D with a 1x1 kernel and the branch's filters and strides."
        );
        return branch + shortcut;
    }
}
