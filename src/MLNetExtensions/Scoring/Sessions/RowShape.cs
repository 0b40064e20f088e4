namespace MLNetExtensions.Scoring.Sessions;

/// <summary>The shape of a column's rows as a model input.</summary>
/// <param name="Column">The column, for messages.</param>
/// <param name="Sizes">The dimensions of a row: empty for one value; null if rows differ in length.</param>
/// <param name="IsExact">True if the input must have these very dimensions, not only as many elements.</param>
internal sealed record RowShape(string Column, IReadOnlyList<int>? Sizes, bool IsExact = false)
{
    public long? Length => Sizes?.Aggregate(1L, (product, size) => product * size);

    /// <summary>Fills the unknown sizes of an input's dimensions from the row.</summary>
    /// <param name="dimensions">The dimensions of a row as the model states them, -1 for unknown ones.</param>
    /// <returns>The sizes; with one -1 if rows differ in length; null if row and dimensions do not fit.</returns>
    public long[]? Resolve(IReadOnlyList<long> dimensions)
    {
        long[] sizes = [.. dimensions];
        int unknown = sizes.Count(size => size < 0);
        if (Sizes is null)
            return unknown <= 1 ? sizes : null;
        // Dimensions of one, which exporters and columns add at will, say nothing.
        if (Sizes.Count == sizes.Length && sizes.Zip(Sizes).All(pair => pair.First < 0 || pair.First == pair.Second))
            return [.. Sizes.Select(size => (long)size)];
        if (IsExact || unknown > 1)
            return null;
        long known = sizes.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        if (unknown == 0)
            return known == Length ? sizes : null;
        if (known == 0 || Length % known != 0)
            return null;
        return [.. sizes.Select(size => size < 0 ? Length!.Value / known : size)];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"column '{Column}' ({(Sizes is null ? "rows of different lengths" : Sizes.Count == 0 ? "one value a row" : $"{string.Join(" x ", Sizes)} a row")})";
}
