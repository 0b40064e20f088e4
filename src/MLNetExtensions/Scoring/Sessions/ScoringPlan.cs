namespace MLNetExtensions.Scoring.Sessions;

/// <summary>The mapping from rows of columns to a model's inputs, and from its outputs to columns.</summary>
/// <param name="Inputs">The model's inputs.</param>
/// <param name="Outputs">The outputs that are wanted.</param>
/// <param name="BatchSize">The most rows of a batch.</param>
/// <param name="FixedRows">The fixed batch size of the model; a smaller batch is padded. Null for any size.</param>
internal sealed record ScoringPlan(IReadOnlyList<PlannedInput> Inputs, IReadOnlyList<PlannedOutput> Outputs, int BatchSize, int? FixedRows = null)
{
    public IReadOnlyList<string> InputNames { get; } = [.. Inputs.Select(i => i.Spec.Name)];

    public IReadOnlyList<string> OutputNames { get; } = [.. Outputs.Select(o => o.Spec.Name)];

    /// <summary>
    /// True if ONNX Runtime can write the outputs directly. Each must have a fixed number of elements per row and the shape that the model states. None may be an unchanged
    /// input or be requested twice, because ONNX Runtime would leave it unwritten.
    /// </summary>
    public bool AreOutputsWritten { get; } = Outputs.All(o => o.RowLength is not null && o.IsAsStated(FixedRows ?? (BatchSize == 1 ? 1 : null)))
        && Outputs.Select(o => o.Spec.Name).Distinct().Count() == Outputs.Count && !Outputs.Any(o => Inputs.Any(i => i.Spec.Name == o.Spec.Name));

    /// <summary>The number of rows that the model is run on for a number of data rows.</summary>
    public int RowsToRun(int rows) => FixedRows ?? rows;
}

/// <summary>An input and the way rows lie in it.</summary>
/// <param name="Spec">The shape and type that the model states.</param>
/// <param name="Axis">The dimension that counts rows; -1 if the whole input is one row.</param>
/// <param name="Sizes">The sizes for one row; one of them is -1 if rows differ in length.</param>
internal sealed record PlannedInput(TensorSpec Spec, int Axis, IReadOnlyList<long> Sizes)
{
    /// <summary>The number of elements of a row; null if rows differ.</summary>
    public int? RowLength { get; } = Sizes.Contains(-1) ? null : checked((int)Sizes.Aggregate(1L, (product, size) => product * size));

    /// <summary>The product of the dimensions before the one that counts rows.</summary>
    public int Outer(int rowLength) => Axis <= 0 ? 1 : (int)ShapeOf(1, rowLength).Take(Axis).Aggregate(1L, (product, size) => product * size);

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
    public bool IsAsStated(int? rows) => Spec.Sizes.Count == 0 || Sizes is null || (Sizes.Count == Spec.Sizes.Count
        && !Spec.Sizes.Where((stated, axis) => stated >= 0 && (axis == Axis ? rows is null || stated != Sizes[axis] * rows : stated != Sizes[axis])).Any());

    /// <summary>The shape of a column's value: without the dimension that counts rows. Empty for one value, null where rows differ.</summary>
    public IReadOnlyList<int>? ColumnShape => Sizes is null || Sizes.Contains(0)
        ? null
        : [.. Sizes.Where((size, axis) => axis != Axis || size != 1).Select(size => (int)size)];

    /// <summary>The shape of a batch.</summary>
    public long[] ShapeOf(int rows)
    {
        long[] shape = [.. Sizes!];
        if (Axis >= 0)
            shape[Axis] *= rows;
        return shape;
    }
}
