namespace MLNetExtensions.Onnx.Rows;

/// <summary>A value of a graph on the way of the rows through it.</summary>
internal sealed record RowValue
{
    /// <summary>Longer tensors are no shapes.</summary>
    public const int MaxElements = 64;

    private RowValue(RowFlow flow) => Flow = flow;

    public RowFlow Flow { get; }

    /// <summary>The dimension that counts rows: row r has an equal part of it, the r-th.</summary>
    public int Axis { get; private init; } = -1;

    /// <summary>The sizes of its dimensions; null if not even their number is known.</summary>
    public IReadOnlyList<RowSize>? Sizes { get; private init; }

    /// <summary>The numbers in it, where it is a short list of them (a shape, axes) or one; null if they are not followed.</summary>
    public IReadOnlyList<RowSize>? Elements { get; private init; }

    /// <summary>The reason why the value mixes rows or cannot be followed.</summary>
    public RowFinding? Cause { get; private init; }

    public bool IsRows => Flow == RowFlow.Rows;

    public bool IsFixed => Flow == RowFlow.Fixed;

    /// <summary>The number of its dimensions.</summary>
    public int? Rank => Sizes?.Count;

    /// <summary>The place of the rows' dimension from the end, 1 for the last one; null if the number of dimensions is not known.</summary>
    public int? FromEnd => Rank - Axis;

    /// <summary>The numbers in it, where all are known.</summary>
    public long[]? Numbers =>
        Elements is { } elements && elements.All(e => e.Kind == RowSizeKind.Constant) ? [.. elements.Select(e => e.Value)] : null;

    public static RowValue Fixed(IReadOnlyList<RowSize>? sizes = null) => new(RowFlow.Fixed) { Sizes = sizes };

    public static RowValue Rows(int axis, IReadOnlyList<RowSize>? sizes) => new(RowFlow.Rows) { Axis = axis, Sizes = sizes };

    /// <summary>A value that depends on the number of rows in a way that is not followed.</summary>
    public static RowValue Count(IReadOnlyList<RowSize>? sizes = null) => new(RowFlow.Count) { Sizes = sizes };

    /// <summary>Numbers of a shape.</summary>
    /// <param name="elements">The numbers.</param>
    /// <param name="isScalar">True if it is one number without dimensions.</param>
    public static RowValue Of(IReadOnlyList<RowSize> elements, bool isScalar = false) =>
        new(elements.All(e => e.IsFixed) ? RowFlow.Fixed : RowFlow.Count)
        {
            Elements = elements.Count <= MaxElements ? elements : null,
            Sizes = isScalar ? [] : [RowSize.Of(elements.Count)],
        };

    public static RowValue Because(RowFinding cause) =>
        new(cause.Verdict == RowVerdict.Dependent ? RowFlow.Mixed : RowFlow.Unknown) { Cause = cause };

    public static RowValue Of(OnnxTensor tensor)
    {
        RowValue value = Fixed([.. tensor.Shape.Select(RowSize.Of)]);
        bool isShort =
            tensor.Shape.Count <= 1
            && tensor.Count <= MaxElements
            && tensor.ElementType != OnnxElementType.String
            && (tensor.RawData.Length > 0 || tensor.Count == 0);
        return !isShort ? value
            : tensor.ElementType is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16
                ? value with
                {
                    Elements = [.. tensor.ToFloats().Select(f => f == unchecked((long)f) ? RowSize.Of(unchecked((long)f)) : RowSize.Fixed)],
                }
            : value with { Elements = [.. tensor.ToInt64s().Select(RowSize.Of)] };
    }
}
