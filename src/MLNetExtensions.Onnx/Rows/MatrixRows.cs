namespace MLNetExtensions.Onnx.Rows;

/// <summary>Products of matrices.</summary>
internal static class MatrixRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            ("MatMul", new RowRule(node => Product(node, 0, 1))),
            ("MatMulInteger", new RowRule(node => node.AreFixedBut(0, 1) ? Product(node, 0, 1) : node.Hides())),
            ("QLinearMatMul", new RowRule(node => node.AreFixedBut(0, 3) ? Product(node, 0, 3) : node.Hides())),
            ("Gemm", new RowRule(node => Gemm(node, 1, 2))),
            ("Einsum", new RowRule(Einsum)),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        [
            ("FusedGemm", new RowRule(node => Gemm(node, 1, 2))),
            (
                "FusedMatMul",
                new RowRule(node =>
                    new[] { "transA", "transB", "transBatchA", "transBatchB" }.All(name => node.Node.Int(name, 0) == 0)
                        ? Product(node, 0, 1)
                        : node.Hides()
                )
            ),
            ("MatMulIntegerToFloat", new RowRule(node => node.AreFixedBut(0, 1) ? Product(node, 0, 1) : node.Hides())),
            ("QGemm", new RowRule(node => node.AreFixedBut(0) ? Gemm(node, 3, 6) : node.Hides())),
            (
                "MatMulNBits",
                new RowRule(node =>
                    node.Inputs[0] is { IsRows: true } value && node.AreFixedBut(0) && value.FromEnd is not 1 and not null
                        ? RowValue.Rows(value.Axis, [.. value.Sizes!.SkipLast(1), RowSize.Fixed])
                        : node.Hides()
                )
            ),
        ];

    private static RowValue Product(RowNode node, int left, int right)
    {
        (RowValue a, RowValue b) = (node.Inputs[left], node.Inputs[right]);
        if (a.IsFixed && b.IsFixed)
            return RowValue.Fixed(a.Rank >= 2 && b.Rank >= 2 ? Sizes(a, b) : null);
        if (a.Flow == RowFlow.Count || b.Flow == RowFlow.Count)
            return node.Hides();
        // Vectors lose a dimension; they are rare enough to be tried.
        if (a.Rank is null or < 2 || b.Rank is null or < 2)
            return node.Hides();
        if ((a.IsRows && a.FromEnd == 1) || (b.IsRows && b.FromEnd == 2))
            return node.Mixes("adds up over the rows");
        int[] places = [.. new[] { a, b }.Where(v => v.IsRows).Select(v => v.FromEnd!.Value).Distinct()];
        if (places is not [var fromEnd] || (a.IsRows && b.IsRows && fromEnd <= 2))
            return node.Hides();
        if (fromEnd > 2 && new[] { a, b }.Any(v => v.IsFixed && v.Rank >= fromEnd && !v.Sizes![^fromEnd].Is(1)))
            return node.Hides("joins rows with values for a number of them");
        RowSize[] sizes = Sizes(a, b);
        return RowValue.Rows(sizes.Length - fromEnd, sizes);
    }

    private static RowSize[] Sizes(RowValue a, RowValue b) =>
        [
            .. a.Rank == 2 && b.Rank == 2
                ? []
                : ElementwiseRows.Sizes([RowValue.Fixed([.. a.Sizes!.SkipLast(2)]), RowValue.Fixed([.. b.Sizes!.SkipLast(2)])]),
            a.Sizes![^2],
            b.Sizes![^1],
        ];

    private static RowValue Gemm(RowNode node, int right, int bias)
    {
        (RowValue a, RowValue b) = (node.Inputs[0], node.Inputs[right]);
        bool turnsA = node.Node.Int("transA", 0) != 0,
            turnsB = node.Node.Int("transB", 0) != 0;
        if (a.IsFixed && b.IsFixed)
            return node.AreFixedBut() ? RowValue.Fixed() : node.Hides();
        RowSize width = b.Sizes is { Count: 2 } sizes ? sizes[turnsB ? 0 : 1] : RowSize.Fixed,
            height = a.Sizes is { Count: 2 } of ? of[turnsA ? 1 : 0] : RowSize.Fixed;
        RowValue product;
        if (a.IsRows && b.IsFixed)
            product = a.Axis == (turnsA ? 1 : 0) ? RowValue.Rows(0, [height, width]) : node.Mixes("adds up over the rows");
        else if (b.IsRows && a.IsFixed)
            product = b.Axis == (turnsB ? 0 : 1) ? RowValue.Rows(1, [height, width]) : node.Mixes("adds up over the rows");
        else
            return node.Hides();
        if (!product.IsRows || node.Input(bias) is not { } added)
            return product;
        if (added.IsFixed)
            return added.Rank is null || (added.Rank >= product.FromEnd && !added.Sizes![^product.FromEnd!.Value].Is(1))
                ? node.Hides("joins rows with values for a number of them")
                : product;
        return added.IsRows && added.FromEnd == product.FromEnd ? product : node.Hides();
    }

    private static RowValue Einsum(RowNode node)
    {
        string[] sides = node.Node.String("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (
            sides is not [var left, var right]
            || left.Contains('.', StringComparison.Ordinal)
            || !node.Inputs.All(v => v.IsRows || v.IsFixed)
        )
            return node.AreFixedBut() ? RowValue.Fixed() : node.Hides();
        string[] operands = left.Split(',');
        char[] labels =
        [
            .. node.Inputs.Select((value, i) => (value, i)).Where(v => v.value.IsRows).Select(v => operands[v.i][v.value.Axis]).Distinct(),
        ];
        if (labels.Length == 0)
            return RowValue.Fixed();
        // Another operand with the label has a number of rows of its own.
        if (
            labels.Length > 1
            || operands.Where((labelsOf, i) => labelsOf.Count(c => c == labels[0]) > (node.Inputs[i].IsRows ? 1 : 0)).Any()
        )
            return node.Hides();
        int axis = right.IndexOf(labels[0], StringComparison.Ordinal);
        return axis < 0
            ? node.Mixes("adds up over the rows")
            : RowValue.Rows(axis, [.. right.Select((_, i) => i == axis ? RowSize.Rows() : RowSize.Fixed)]);
    }
}
