namespace MLNetExtensions.Onnx.Rows;

/// <summary>Recurrent layers: [steps, batch, values], or the batch first.</summary>
internal static class RecurrentRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules => new[] { "RNN", "GRU", "LSTM" }.Select(op => (op, new RowRule(Layer)));

    private static RowValue[] Layer(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (value.IsFixed && node.AreFixedBut())
            return [RowValue.Fixed()];
        bool isBatchFirst = node.Node.Int("layout", 0) != 0;
        int batch = isBatchFirst ? 0 : 1;
        if (value.IsRows && value.Axis != batch)
            return [node.Mixes("goes through the rows as through a sequence")];
        // Lengths of sequences, then states.
        bool fits =
            value.IsRows
            && node.AreFixedBut(0, 4, 5, 6)
            && (node.Input(4) is not { IsFixed: false } lengths || (lengths.IsRows && lengths.Axis == 0))
            && new[] { 5, 6 }.All(i => node.Input(i) is not { IsFixed: false } state || (state.IsRows && state.Axis == batch));
        if (!fits)
            return [node.Hides()];
        RowSize rows = value.Sizes?[batch] ?? RowSize.Rows();
        RowSize steps = value.Sizes?[1 - batch] ?? RowSize.Fixed;
        RowValue last = isBatchFirst
            ? RowValue.Rows(0, [rows, RowSize.Fixed, RowSize.Fixed])
            : RowValue.Rows(1, [RowSize.Fixed, rows, RowSize.Fixed]);
        return
        [
            isBatchFirst
                ? RowValue.Rows(0, [rows, steps, RowSize.Fixed, RowSize.Fixed])
                : RowValue.Rows(2, [steps, RowSize.Fixed, rows, RowSize.Fixed]),
            last,
        ];
    }
}
