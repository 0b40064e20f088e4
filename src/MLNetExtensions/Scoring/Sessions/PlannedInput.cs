namespace MLNetExtensions.Scoring.Sessions;

/// <summary>An input and the way rows lie in it.</summary>
/// <param name="Spec">The shape and type that the model states.</param>
/// <param name="Axis">The dimension that counts rows; -1 if the whole input is one row.</param>
/// <param name="Sizes">The sizes for one row; one of them is -1 if rows differ in length.</param>
internal sealed record PlannedInput(TensorSpec Spec, int Axis, IReadOnlyList<long> Sizes)
{
    /// <summary>The number of elements of a row; null if rows differ.</summary>
    public int? RowLength { get; } = Sizes.Contains(-1) ? null : checked((int)Sizes.Aggregate(1L, (product, size) => product * size));

    /// <summary>The product of the dimensions before the one that counts rows.</summary>
    public int Outer(int rowLength) =>
        Axis <= 0 ? 1 : (int)ShapeOf(1, rowLength).Take(Axis).Aggregate(1L, (product, size) => product * size);

    /// <summary>The shape of a batch.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="rowLength">The elements of each.</param>
    public long[] ShapeOf(int rows, int rowLength)
    {
        long[] shape = [.. Sizes];
        if (RowLength is null)
        {
            long known = shape.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
            shape[Array.IndexOf(shape, -1)] = known == 0 ? 0 : rowLength / known;
        }
        if (Axis >= 0)
            shape[Axis] *= rows;
        return shape;
    }

    /// <summary>True if a row can have this number of elements.</summary>
    public bool Fits(int rowLength)
    {
        if (RowLength is int length)
            return rowLength == length;
        long known = Sizes.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        return known > 0 && rowLength % known == 0;
    }
}
