namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Changes the shape and keeps the values.</summary>
/// <param name="Sizes">The sizes without the batch; one may be -1 and is then inferred.</param>
public sealed record Reshape(params IReadOnlyList<int> Sizes) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        long before = Product(input.Shape),
            known = Product(Sizes.Where(size => size != -1));
        int open = Sizes.Count(size => size == -1);
        layer.Require(
            Sizes.All(size => size is > 0 or -1) && open <= 1 && (open == 1 ? known > 0 && before % known == 0 : known == before),
            $"its {before} values do not fit into [{string.Join(", ", Sizes)}]."
        );
        // 0 keeps the batch, so that only one dimension is left open.
        return layer.Node(
            "Reshape",
            [input.Name, layer.Integers("shape", [0, .. Sizes.Select(size => (long)(size == -1 ? before / known : size))])]
        );
    }

    private static long Product(IEnumerable<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
