namespace MLNetExtensions.Scoring.Sessions;

/// <summary>An output and the way rows lie in it.</summary>
/// <param name="Spec">The shape and type that the model states.</param>
/// <param name="Axis">The dimension that counts rows; -1 if the whole output is one row.</param>
/// <param name="Sizes">The sizes for one row; null if rows differ in length.</param>
internal sealed record PlannedOutput(TensorSpec Spec, int Axis, IReadOnlyList<long>? Sizes)
{
    /// <summary>The number of elements of a row; null if rows differ.</summary>
    public int? RowLength { get; } = Sizes is null ? null : checked((int)Sizes.Aggregate(1L, (product, size) => product * size));

    /// <summary>True if the shape stated by the model is the output's real shape; some models state the shape of one row.</summary>
    /// <param name="rows">The rows of a batch; null if their number differs.</param>
    public bool IsAsStated(int? rows) =>
        Spec.Sizes.Count == 0
        || Sizes is null
        || (
            Sizes.Count == Spec.Sizes.Count
            && !Spec
                .Sizes.Where(
                    (stated, axis) => stated >= 0 && (axis == Axis ? rows is null || stated != Sizes[axis] * rows : stated != Sizes[axis])
                )
                .Any()
        );

    /// <summary>
    /// The shape of a column's value: without the dimension that counts rows. Empty for one value, null where rows differ.
    /// </summary>
    public IReadOnlyList<int>? ColumnShape =>
        Sizes is null || Sizes.Contains(0) ? null : [.. Sizes.Where((size, axis) => axis != Axis || size != 1).Select(size => (int)size)];

    /// <summary>The shape of a batch.</summary>
    public long[] ShapeOf(int rows)
    {
        long[] shape = [.. Sizes!];
        if (Axis >= 0)
            shape[Axis] *= rows;
        return shape;
    }
}
