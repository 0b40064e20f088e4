namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Sets a whole branch to 0 for a fraction of the rows (arXiv 1603.09382, "row" mode); put it last in a <see cref="Residual"/> branch.
/// </summary>
/// <param name="Rate">The fraction of rows, from 0 up to but not including 1.</param>
public sealed record StochasticDepth(float Rate) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        Dropout.DropParts(input, layer, Rate, [.. Enumerable.Repeat(1, input.Shape.Count)]);
}
