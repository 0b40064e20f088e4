namespace MLNetExtensions.Onnx.Rows;

/// <summary>An integer in a shape, as far as it is known without running the graph.</summary>
/// <param name="Kind">The extent to which it is known.</param>
/// <param name="Value">A constant's value; of rows, how many times their number, 0 where that is not known.</param>
internal readonly record struct RowSize(RowSizeKind Kind, long Value = 0)
{
    public static readonly RowSize Fixed = new(RowSizeKind.Fixed),
        Other = new(RowSizeKind.Other),
        One = Of(1);

    public bool IsRows => Kind == RowSizeKind.Rows;

    /// <summary>True if the size is the same for any number of rows.</summary>
    public bool IsFixed => Kind is RowSizeKind.Constant or RowSizeKind.Fixed;

    public static RowSize Of(long value) => new(RowSizeKind.Constant, value);

    public static RowSize Rows(long times = 0) => new(RowSizeKind.Rows, times);

    public bool Is(long value) => this == Of(value);

    public static RowSize Multiply(RowSize a, RowSize b)
    {
        if (a.Is(0) || b.Is(0))
            return Of(0);
        if (a.Kind == RowSizeKind.Constant && b.Kind == RowSizeKind.Constant)
            return Of(unchecked(a.Value * b.Value));
        if (a.IsFixed && b.IsFixed)
            return Fixed;
        (RowSize rows, RowSize times) = a.IsRows ? (a, b) : (b, a);
        return !rows.IsRows || !times.IsFixed ? Other
            : times.Kind == RowSizeKind.Fixed ? Rows()
            : times.Value > 0 ? Rows(rows.Value * times.Value)
            : Other;
    }

    public static RowSize Divide(RowSize a, RowSize b) =>
        b is { Kind: RowSizeKind.Constant, Value: > 0 }
        && a is { Kind: RowSizeKind.Constant or RowSizeKind.Rows, Value: > 0 }
        && a.Value % b.Value == 0
            ? a with
            {
                Value = a.Value / b.Value,
            }
            : Combine(a, b);

    public static RowSize Equal(RowSize a, RowSize b) =>
        a.Kind == RowSizeKind.Constant && b.Kind == RowSizeKind.Constant ? Of(a.Value == b.Value ? 1 : 0)
        // A number of rows is positive.
        : a.IsRows && b is { Kind: RowSizeKind.Constant, Value: <= 0 } || b.IsRows && a is { Kind: RowSizeKind.Constant, Value: <= 0 }
            ? Of(0)
        : a.IsFixed && b.IsFixed ? Fixed
        : Other;

    /// <summary>Two numbers of which nothing is known but what their kinds say.</summary>
    public static RowSize Combine(RowSize a, RowSize b) => a.IsFixed && b.IsFixed ? Fixed : Other;
}
