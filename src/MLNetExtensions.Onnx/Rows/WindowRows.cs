namespace MLNetExtensions.Onnx.Rows;

/// <summary>
/// Operators that take the first dimension for the batch: convolutions, pooling, what works on an image or a vector as a whole.
/// </summary>
internal static class WindowRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            ("Conv", Channels(1, 0)),
            ("ConvInteger", Channels(1, 0)),
            ("ConvTranspose", Each(0)),
            ("QLinearConv", Channels(3, 0)),
            ("DeformConv", Channels(1, 0, 2, 4)),
            ("AveragePool", Each(0)),
            ("LpPool", Each(0)),
            ("GlobalAveragePool", Each(0)),
            ("GlobalMaxPool", Each(0)),
            ("GlobalLpPool", Each(0)),
            // The positions of the largest elements count through the whole batch.
            ("MaxPool", new RowRule(node => [Batched(node, [0]), node.Hides("counts positions through the whole batch")])),
            ("LRN", Each(0)),
            ("InstanceNormalization", Each(0)),
            ("GroupNormalization", Each(0)),
            ("DepthToSpace", Each(0)),
            ("SpaceToDepth", Each(0)),
            ("GridSample", Each(0, 1)),
            ("AffineGrid", new RowRule(AffineGrid, dataInputs: 1)),
            ("Attention", Each(0, 1, 2, 4, 5, 6)),
            ("RotaryEmbedding", Each(0, 3)),
            ("Resize", new RowRule(Resize, dataInputs: 1)),
            ("Upsample", new RowRule(Resize, dataInputs: 1)),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        [
            ("FusedConv", Channels(1, 0, 3)),
            ("NhwcMaxPool", Each(0)),
            ("QLinearConv", Each(0)),
            ("QLinearAveragePool", Each(0)),
            ("QLinearGlobalAveragePool", Each(0)),
            ("Attention", Each(0, 3)),
            ("MultiHeadAttention", Each(0, 1, 2, 4)),
            ("GridSample", Each(0, 1)),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMachineLearning =>
        new[]
        {
            "ArrayFeatureExtractor",
            "Binarizer",
            "CategoryMapper",
            "Imputer",
            "LabelEncoder",
            "LinearClassifier",
            "LinearRegressor",
            "Normalizer",
            "OneHotEncoder",
            "Scaler",
            "SVMClassifier",
            "SVMRegressor",
            "TreeEnsemble",
            "TreeEnsembleClassifier",
            "TreeEnsembleRegressor",
        }.Select(op => (op, op == "LabelEncoder" ? new RowRule(ElementwiseRows.Keep) : Each(0)));

    private static RowRule Each(params int[] data) => new(node => Batched(node, data));

    /// <summary>A rule for an operator whose weights say how many channels it makes.</summary>
    private static RowRule Channels(int weights, params int[] data) => new(node => Batched(node, data, node.Input(weights)?.Sizes?[0]));

    private static RowValue Batched(RowNode node, int[] data, RowSize? channels = null)
    {
        if (!node.AreFixedBut(data))
            return node.Hides();
        RowValue[] values = [.. data.Select(node.Input).OfType<RowValue>().Where(v => !v.IsFixed)];
        if (values.Length == 0)
            return RowValue.Fixed();
        if (values.Any(v => !v.IsRows || v.Axis != 0))
            return node.Hides();
        return RowValue.Rows(
            0,
            values[0].Sizes is { Count: > 0 } sizes
                ? [sizes[0], .. sizes.Skip(1).Select((size, i) => i == 0 && channels is { } made ? made : RowSize.Fixed)]
                : null
        );
    }

    private static RowValue AffineGrid(RowNode node) =>
        node.Inputs[0] is { IsRows: true, Axis: 0 }
        && node.Inputs[1].Elements is { Count: > 2 } size
        && size[0].IsRows
        && size.Skip(1).All(s => s.IsFixed)
            ? RowValue.Rows(0, [RowSize.Rows(), .. size.Skip(2), RowSize.Of(size.Count - 2)])
            : node.Hides();

    private static RowValue Resize(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (value.IsFixed)
            return node.AreFixedBut() ? RowValue.Fixed() : node.Hides();
        bool isOld = node.Node.OpType == "Upsample" || node.Opset < 11;
        RowValue? scales = node.Input(isOld ? 1 : 2),
            sizes = isOld ? null : node.Input(3);
        RowSize[]? target =
            node.Node.Floats("scales")?.Select(s => s == 1 ? RowSize.One : RowSize.Other).ToArray()
            ?? (sizes ?? scales)?.Elements?.ToArray();
        int[]? axes = node.Node.Ints("axes")?.Select(axis => RowNode.FromFront(axis, value.Rank) ?? -1).ToArray();
        int place = axes is null ? value.Axis : Array.IndexOf(axes, value.Axis);
        // Scales that are not known are the same for any number of rows; those that change it show in the shapes of batches.
        bool isKept =
            axes is not null && place < 0 ? !axes.Contains(-1)
            : sizes is not null ? place < target?.Length && target[place].IsRows
            : target is null ? node.AreFixedBut(0)
            : place < target.Length && target[place].IsFixed && (target[place].Is(1) || target[place].Kind == RowSizeKind.Fixed);
        return isKept
            ? RowValue.Rows(value.Axis, value.Sizes?.Select((size, axis) => axis == value.Axis ? size : RowSize.Fixed).ToArray())
            : node.Hides();
    }
}
