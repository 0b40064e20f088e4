namespace MLNetExtensions.Onnx.Rows;

/// <summary>Operators that take the range of numbers from the values themselves, and those that draw numbers.</summary>
internal static class QuantizingRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            ("DynamicQuantizeLinear", Ranges),
            .. new[] { "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike" }.Select(op =>
                (op, new RowRule(node => node.Mixes("draws random numbers"), dataInputs: 0))
            ),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        new[] { "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "QAttention" }.Select(op => (op, Ranges));

    private static RowRule Ranges => new(node => node.AreFixedBut() ? RowValue.Fixed() : node.Mixes("takes one range for all rows"));
}
