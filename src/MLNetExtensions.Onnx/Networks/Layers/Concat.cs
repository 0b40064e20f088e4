namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Concatenates several branches of the same input along the channels (arXiv 1409.4842). For values see <see cref="NetworkValue.Concat"/>.
/// </summary>
/// <param name="Branches">The branches.</param>
public sealed record Concat(params IReadOnlyList<Layer> Branches) : Layer
{
    /// <summary>The axis, the batch being 0.</summary>
    /// <value>The default is 1: channels.</value>
    public int Axis { get; init; } = 1;

    internal override bool IsTransparent => true;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(Branches.Count > 0, "it has no branches.");
        return NetworkValue.Concat(Axis, [.. Branches.Select(branch => input.Then(branch))]);
    }
}
