namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>All that changed in ONNX's own domain from opset 14 to 21, beside element types that came in.</summary>
internal static class OpsetRules
{
    /// <summary>Operators that came in, and that nothing older is written for.</summary>
    private static readonly (int Version, string[] OpTypes)[] New =
    [
        (15, ["Bernoulli", "Optional"]),
        (16, ["GridSample"]),
        (17, ["BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "MelWeightMatrix", "STFT", "SequenceMap"]),
        // The last two were for optional values only before, which are not exported.
        (18, ["BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Col2Im", "OptionalGetElement", "OptionalHasElement"]),
        (19, ["DeformConv"]),
        (20, ["AffineGrid", "ImageDecoder", "RegexFullMatch", "StringConcat", "StringSplit"]),
    ];

    private static readonly Dictionary<(string, int), OpsetRule> All = NormalizationRules
        .All.Concat(ActivationRules.All)
        .Concat(ReductionRules.All)
        .Concat(LayoutRules.All)
        .Concat(SamplingRules.All)
        .Concat(QuantizationRules.All)
        .Concat(RecurrentRules.All)
        .Concat(
            New.SelectMany(n =>
                n.OpTypes.Select(opType => new OpsetRule(
                    opType,
                    n.Version,
                    node => throw node.Impossible("before, there was no such operator")
                ))
            )
        )
        .ToDictionary(rule => (rule.OpType, rule.Version));

    /// <summary>The operators that any opset changed.</summary>
    public static IReadOnlySet<string> OpTypes { get; } = All.Keys.Select(key => key.Item1).ToHashSet();

    /// <summary>The change that an opset made to an operator; null if none.</summary>
    public static OpsetRule? Find(string opType, int version) => All.GetValueOrDefault((opType, version));
}
