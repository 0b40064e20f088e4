using MLNetExtensions.Onnx;

namespace MLNetExtensions.Trainers.FineTune.LowRank;

/// <summary>Finds the weights of a network that a low-rank product can be added to.</summary>
internal static class AdaptableWeights
{
    /// <summary>
    /// The weights among some parameters that only layers of one kind read: Conv (of any number of dimensions), Gemm, or MatMul with a
    /// matrix. Weights that two layers share are adapted once. In the nodes' order.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">The names of the parameters.</param>
    public static IReadOnlyList<AdaptedWeight> Find(OnnxGraph network, IReadOnlySet<string> parameters)
    {
        var found = new OrderedDictionary<string, AdaptedWeight?>();
        foreach (OnnxNode node in network.Nodes)
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                string name = node.Inputs[i];
                if (!parameters.Contains(name))
                    continue;
                AdaptedWeight? weight = i == 1 ? Of(node, network.Initializers[name]) : null;
                found[name] = found.TryGetValue(name, out AdaptedWeight? other) && !IsSame(other, weight) ? null : weight;
            }
        return [.. found.Values.OfType<AdaptedWeight>()];

        static bool IsSame(AdaptedWeight? one, AdaptedWeight? other) =>
            one is not null && other is not null && (one.Groups, one.InputsFirst) == (other.Groups, other.InputsFirst);
    }

    private static AdaptedWeight? Of(OnnxNode node, OnnxTensor weight) =>
        (node.Domain, node.OpType, weight.Shape.Count) switch
        {
            ("", "Conv", >= 3) => new AdaptedWeight(weight.Name, weight.Shape, (int)node.Int("group", 1), InputsFirst: false),
            ("", "Gemm", 2) => new AdaptedWeight(weight.Name, weight.Shape, 1, InputsFirst: node.Int("transB", 0) == 0),
            ("", "MatMul", 2) => new AdaptedWeight(weight.Name, weight.Shape, 1, InputsFirst: true),
            _ => null,
        };
}
