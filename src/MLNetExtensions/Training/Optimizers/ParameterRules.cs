using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>Gives each parameter its rule: the options' one, except where a rule (Muon) leaves some parameters to another.</summary>
internal static class ParameterRules
{
    /// <summary>The rule of each trained parameter, by name.</summary>
    /// <exception cref="ArgumentException">Muon names a value that is not a trained parameter of two or more dimensions.</exception>
    public static IReadOnlyDictionary<string, ParameterRule> Assign(
        Optimizer rule,
        IReadOnlyDictionary<string, ParameterGroup> scales,
        IReadOnlyCollection<OnnxTensor> trainable,
        IReadOnlyList<OnnxNode> nodes
    )
    {
        HashSet<string> matrices = [];
        Optimizer inner = rule;
        while (inner is Lookahead lookahead)
            inner = lookahead.Inner;
        if (inner is Muon muon)
            matrices = FindMatrices(muon, trainable, nodes);
        // Not new(): a record struct's parameterless constructor makes zeros.
        var none = new ParameterGroup(1, 1);
        return trainable.ToDictionary(p => p.Name, p => For(rule, scales.GetValueOrDefault(p.Name, none), matrices.Contains(p.Name)));
    }

    private static ParameterRule For(Optimizer rule, ParameterGroup scale, bool matrix) =>
        rule switch
        {
            Muon muon when !matrix => For(muon.Other, scale with { LearningRate = scale.LearningRate * muon.OtherRate }, matrix),
            Lookahead lookahead when For(lookahead.Inner, scale, matrix) is var inner => inner with
            {
                Rule = lookahead with { Inner = inner.Rule },
            },
            _ => new ParameterRule(rule, scale),
        };

    private static HashSet<string> FindMatrices(Muon muon, IReadOnlyCollection<OnnxTensor> trainable, IReadOnlyList<OnnxNode> nodes)
    {
        HashSet<string> matrices =
        [
            .. trainable.Where(p => p.Shape.Count >= 2 && p.Shape.Count(size => size > 1) >= 2).Select(p => p.Name),
        ];
        if (muon.Parameters is { } named)
        {
            string[] others = [.. named.Except(matrices)];
            return others.Length == 0
                ? [.. named]
                : throw new ArgumentException(
                    $"{nameof(Muon)}.{nameof(Muon.Parameters)} names {string.Join(", ", others.Select(n => $"'{n}'"))}, which no "
                        + $"trained parameter of two or more dimensions has. "
                        + $"There are: {string.Join(", ", matrices)}."
                );
        }
        if (nodes.SelectMany(node => node.Inputs).LastOrDefault(matrices.Contains) is { } last)
            matrices.Remove(last);
        return matrices;
    }
}
