namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Makes a whole branch 0 for a share of the rows (arXiv 1603.09382, "row" mode); stands last in a <see cref="Residual"/> branch.</summary>
/// <param name="Rate">The share of rows, from 0 up to but not including 1.</param>
public sealed record StochasticDepth(float Rate) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        Dropout.DropParts(input, layer, Rate, [.. Enumerable.Repeat(1, input.Shape.Count)]);
}
