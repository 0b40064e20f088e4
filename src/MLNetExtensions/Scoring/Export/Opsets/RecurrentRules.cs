namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>Recurrent layers: opset 14 gave them a layout, which ONNX Runtime's kernels do not do.</summary>
internal static class RecurrentRules
{
    public static IEnumerable<OpsetRule> All { get; } =
    [.. new[] { "GRU", "LSTM", "RNN" }.Select(opType => new OpsetRule(opType, 14, Layout))];

    private static void Layout(NodeConversion node)
    {
        if (node.Node.Int("layout", 0) != 0)
            throw node.Impossible("its layout has the batch first");
        node.KeepWithout("layout");
    }
}
