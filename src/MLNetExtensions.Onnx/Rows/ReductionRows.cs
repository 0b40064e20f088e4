using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Rows;

/// <summary>Operators that bring the elements along some dimensions together: reductions, normalization, what sorts and counts.</summary>
internal static class ReductionRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            .. new[] { "L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare" }.Select(op =>
                ($"Reduce{op}", new RowRule(Reduce, dataInputs: 0))
            ),
            .. new[] { "ArgMax", "ArgMin" }.Select(op =>
                (op, new RowRule(node => OneOf(node, 0, "searches all rows", drops: node.Node.Int("keepdims", 1) == 0)))
            ),
            ("TopK", new RowRule(node => OneOf(node, -1, "sorts the rows"), dataInputs: 1)),
            ("CumSum", new RowRule(node => node.Inputs[1].Numbers is [var axis] ? Along(node, axis, "adds row to row") : node.Hides())),
            .. new[] { "Softmax", "LogSoftmax", "Hardmax" }.Select(op => (op, new RowRule(Softmax))),
            ("LpNormalization", new RowRule(node => OneOf(node, -1, "normalizes over the rows"))),
            .. new[] { "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization" }.Select(op =>
                (op, new RowRule(node => From(node, node.Node.Int("axis", -1))))
            ),
            ("MeanVarianceNormalization", new RowRule(MeanVariance)),
            ("BatchNormalization", new RowRule(BatchNormalization)),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        [
            (
                "QLinearSoftmax",
                new RowRule(node =>
                    node.Node.Int("opset", 13) < 13 ? From(node, node.Node.Int("axis", 1)) : OneOf(node, -1, "normalizes over the rows")
                )
            ),
            ("SkipLayerNormalization", new RowRule(node => Skipped(node))),
            ("SkipSimplifiedLayerNormalization", new RowRule(node => Skipped(node))),
        ];

    private static RowValue Reduce(RowNode node)
    {
        RowValue value = node.Inputs[0];
        long[]? axes = node.Numbers("axes", 1, out bool isGiven);
        bool keeps = node.Node.Int("keepdims", 1) != 0;
        if (
            value.Elements is { } elements
            && value.Rank == 1
            && node.Node.OpType is "ReduceProd" or "ReduceMax" or "ReduceMin" or "ReduceSum"
            && (!isGiven || axes is [0])
        )
        {
            RowSize all =
                node.Node.OpType == "ReduceProd" ? elements.Aggregate(RowSize.One, RowSize.Multiply)
                : elements is [var only] ? only
                : elements.Aggregate(RowSize.Fixed, RowSize.Combine);
            return RowValue.Of([all], isScalar: !keeps);
        }
        if (!value.IsRows)
            return value.IsFixed ? RowValue.Fixed() : RowValue.Count();
        if (!node.AreFixedBut(0) || (isGiven && axes is null))
            return node.Hides();
        if (axes is null or [])
            return node.Node.Int("noop_with_empty_axes", 0) != 0 ? RowNode.Like(value) : node.Mixes("takes all rows together");
        if (axes.Any(axis => RowNode.FromFront(axis, value.Rank) is null))
            return node.Hides();
        int[] reduced = [.. axes.Select(axis => RowNode.FromFront(axis, value.Rank)!.Value)];
        return reduced.Contains(value.Axis) ? node.Mixes("takes all rows together") : Without(value, reduced, keeps);
    }

    private static RowValue Without(RowValue value, int[] axes, bool keeps) =>
        keeps
            ? RowValue.Rows(value.Axis, value.Sizes?.Select((size, axis) => axes.Contains(axis) ? RowSize.One : size).ToArray())
            : RowValue.Rows(
                value.Axis - axes.Count(axis => axis < value.Axis),
                value.Sizes?.Where((_, axis) => !axes.Contains(axis)).ToArray()
            );

    /// <summary>The output of a node that works along the one dimension that its attribute names.</summary>
    private static RowValue OneOf(RowNode node, long axis, string how, bool drops = false)
    {
        axis = node.Node.Int("axis", axis);
        if (!drops || !node.Inputs[0].IsRows)
            return Along(node, axis, how);
        return Along(node, axis, how) is { IsRows: true }
            ? Without(node.Inputs[0], [RowNode.FromFront(axis, node.Inputs[0].Rank)!.Value], keeps: false)
            : Along(node, axis, how);
    }

    private static RowValue Along(RowNode node, long axis, string how)
    {
        RowValue value = node.Inputs[0];
        if (!value.IsRows)
            return value.IsFixed ? RowValue.Fixed() : RowValue.Count();
        return !node.AreFixedBut(0) || RowNode.FromFront(axis, value.Rank) is not int along ? node.Hides()
            : along == value.Axis ? node.Mixes(how)
            : RowValue.Rows(
                value.Axis,
                value
                    .Sizes?.Select((size, i) => i == along && node.Node.OpType is "TopK" or "ArgMax" or "ArgMin" ? RowSize.Fixed : size)
                    .ToArray()
            );
    }

    /// <summary>The output of a node that works over a dimension and all behind it.</summary>
    private static RowValue From(RowNode node, long axis)
    {
        RowValue value = node.Inputs[0];
        return value.IsFixed && node.AreFixedBut() ? RowValue.Fixed(value.Sizes)
            : !node.AreFixedBut(0) || RowNode.FromFront(axis, value.Rank) is not int first ? node.Hides()
            : value.Axis >= first ? node.Mixes("normalizes over the rows")
            : RowNode.Like(value);
    }

    // Before opset 13 all dimensions from the axis on were one.
    private static RowValue Softmax(RowNode node) =>
        node.Opset < 13 ? From(node, node.Node.Int("axis", 1)) : OneOf(node, -1, "normalizes over the rows");

    private static RowValue[] Skipped(RowNode node)
    {
        RowValue sum =
            node.Input(1) is { } other && node.AreFixedBut(0, 1) && other.Rank is not null
                ? ElementwiseRows.Broadcast(node, [0, 1])
                : node.Hides();
        return [sum.IsRows && sum.FromEnd == 1 ? node.Mixes("normalizes over the rows") : sum, node.Hides(), node.Hides(), sum];
    }

    private static RowValue MeanVariance(RowNode node) =>
        node.Inputs[0] is { IsRows: true } value
        && (node.Node.Ints("axes") ?? [0, 2, 3]).Any(axis =>
            RowNode.FromFront(axis, value.Rank) is var along && (along is null || along == value.Axis)
        )
            ? node.Mixes("normalizes over the rows")
            : RowNode.Like(node.Inputs[0]);

    private static RowValue BatchNormalization(RowNode node) =>
        node.Inputs[0].IsRows && InferenceMode.NormalizesByBatch(node.Node, node.Opset)
            ? node.Mixes("normalizes by the batch (training mode)")
            : ElementwiseRows.Keep(node);
}
