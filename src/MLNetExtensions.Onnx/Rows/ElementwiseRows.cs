using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Rows;

/// <summary>Operators that compute each element from the elements at its place, and arithmetic of shapes.</summary>
internal static class ElementwiseRows
{
    private static readonly Dictionary<string, Func<RowSize[], RowSize>> Arithmetic = new()
    {
        ["Add"] = sizes => sizes.Aggregate(Add),
        ["Sub"] = sizes => Constants(sizes, (a, b) => a - b),
        ["Mul"] = sizes => sizes.Aggregate(RowSize.Multiply),
        ["Div"] = sizes => RowSize.Divide(sizes[0], sizes[1]),
        ["Equal"] = sizes => RowSize.Equal(sizes[0], sizes[1]),
        ["Where"] = sizes =>
            sizes[0].Is(1) ? sizes[1]
            : sizes[0].Is(0) ? sizes[2]
            : RowSize.Combine(sizes[0], RowSize.Combine(sizes[1], sizes[2])),
        ["Max"] = sizes => sizes.Aggregate((a, b) => Constants([a, b], Math.Max)),
        ["Min"] = sizes => sizes.Aggregate((a, b) => Constants([a, b], Math.Min)),
    };

    private static readonly string[] SeveralOfMicrosoft = ["BiasGelu", "FastGelu"];

    private static readonly string[] OneOfMicrosoft =
    [
        "DequantizeLinear",
        "Gelu",
        "QLinearLeakyRelu",
        "QLinearSigmoid",
        "QuantizeLinear",
        "QuickGelu",
    ];

    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            .. OperatorTable
                .Names(o => o.Elements == ElementRule.Together)
                .Select(op => (op, new RowRule(node => Broadcast(node, [.. Enumerable.Range(0, node.Inputs.Count)]), dataInputs: 0))),
            .. OperatorTable.Names(o => o.Elements == ElementRule.Alone).Select(op => (op, new RowRule(Keep, dataInputs: 0))),
            ("CastLike", new RowRule(node => node.Inputs[0], dataInputs: 1)),
            ("Dropout", new RowRule(Dropout)),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        [
            .. SeveralOfMicrosoft.Select(op => (op, new RowRule(node => Broadcast(node, [.. Enumerable.Range(0, node.Inputs.Count)])))),
            .. OneOfMicrosoft.Select(op => (op, new RowRule(Keep))),
            .. new[] { "QLinearAdd", "QLinearMul" }.Select(op =>
                (op, new RowRule(node => node.AreFixedBut(0, 3) ? Broadcast(node, [0, 3]) : node.Hides()))
            ),
        ];

    /// <summary>The output of a node that works on one input element by element, with settings beside it.</summary>
    public static RowValue Keep(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (!node.AreFixedBut(0))
            return node.Hides();
        return value.Elements is { } elements && value.Rank <= 1
            ? RowValue.Of(
                [
                    .. elements.Select(e =>
                        IsKept(node.Node.OpType, e) ? e
                        : e.IsFixed ? RowSize.Fixed
                        : RowSize.Other
                    ),
                ],
                value.Rank == 0
            )
            : RowNode.Like(value);
    }

    /// <summary>The output of a node whose inputs are broadcast to each other.</summary>
    public static RowValue Broadcast(RowNode node, int[] indices)
    {
        RowValue[] values = [.. indices.Select(node.Input).OfType<RowValue>()];
        if (!values.Any(v => v.IsRows))
            return OfShapes(node.Node.OpType, values);
        if (values.Any(v => v.Flow == RowFlow.Count))
            return node.Hides("takes the number of rows into their values");
        if (values.Length == 1)
            return RowNode.Like(values[0]);
        if (values.Any(v => v.Rank is null) || values.Where(v => v.IsRows).Select(v => v.FromEnd).Distinct().Count() > 1)
            return node.Hides();
        int fromEnd = values.First(v => v.IsRows).FromEnd!.Value;
        if (values.Any(v => v.IsFixed && v.Rank >= fromEnd && !v.Sizes![^fromEnd].Is(1)))
            return node.Hides("joins rows with values for a number of them");
        RowSize[] sizes = Sizes(values);
        return RowValue.Rows(sizes.Length - fromEnd, sizes);
    }

    /// <summary>The shape of what is broadcast.</summary>
    public static RowSize[] Sizes(IReadOnlyList<RowValue> values)
    {
        var sizes = new RowSize[values.Max(v => v.Rank!.Value)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            RowSize[] all = [.. values.Where(v => v.Rank >= i).Select(v => v.Sizes![^i]).Where(size => !size.Is(1))];
            sizes[^i] =
                all.Length == 0 ? RowSize.One
                : all.Contains(RowSize.Other) ? RowSize.Other
                : Array.Find(all, size => size.IsRows) is { IsRows: true } rows ? rows
                : Array.Find(all, size => size.Kind == RowSizeKind.Constant) is { Value: > 0 } known ? known
                : all.Length == 1 ? all[0]
                : RowSize.Fixed;
        }
        return sizes;
    }

    private static RowValue OfShapes(string op, RowValue[] values)
    {
        RowSize[]? sizes = values.All(v => v.Rank is not null) ? Sizes(values) : null;
        if (values.All(v => v.Elements is not null && v.Rank <= 1))
        {
            int count = values.Max(v => v.Elements!.Count);
            if (values.All(v => v.Elements!.Count == 1 || v.Elements.Count == count))
                return RowValue.Of(
                    [
                        .. Enumerable
                            .Range(0, count)
                            .Select(i => Compute(op, [.. values.Select(v => v.Elements![v.Elements.Count == 1 ? 0 : i])])),
                    ],
                    values.All(v => v.Rank == 0)
                );
        }
        return values.All(v => v.IsFixed) ? RowValue.Fixed(sizes) : RowValue.Count(sizes);
    }

    private static RowSize Compute(string op, RowSize[] sizes) =>
        sizes.Length > 0 && Arithmetic.TryGetValue(op, out Func<RowSize[], RowSize>? compute)
            ? compute(sizes)
            : sizes.Aggregate(RowSize.Fixed, RowSize.Combine);

    private static RowSize Add(RowSize a, RowSize b) =>
        a.Is(0) ? b
        : b.Is(0) ? a
        : Constants([a, b], (x, y) => unchecked(x + y));

    private static RowSize Constants(RowSize[] sizes, Func<long, long, long> compute) =>
        sizes is [{ Kind: RowSizeKind.Constant } a, { Kind: RowSizeKind.Constant } b]
            ? RowSize.Of(compute(a.Value, b.Value))
            : RowSize.Combine(sizes[0], sizes[^1]);

    // Whole numbers stay what they are.
    private static bool IsKept(string op, RowSize size) =>
        op is "Identity" or "Cast"
        || op is "Ceil" or "Floor" or "Round" && size.Kind is RowSizeKind.Constant or RowSizeKind.Rows
        || op is "Abs" or "Relu" && size.IsRows;

    private static RowValue Dropout(RowNode node) =>
        node.Opset >= 12 && node.Node.HasInput(2) && node.Inputs[2].Numbers is not [0]
            ? node.Mixes("drops values at random (training_mode)")
            : RowNode.Like(node.Inputs[0]);
}
