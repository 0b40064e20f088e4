using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Soups;

/// <summary>Means of weights.</summary>
internal static class WeightMeans
{
    /// <summary>The weighted mean of tensors of one shape, summed in double precision.</summary>
    /// <param name="tensors">The tensors, of floats.</param>
    /// <param name="weights">Their weights, which add up to 1.</param>
    public static OnnxTensor Of(IReadOnlyList<OnnxTensor> tensors, IReadOnlyList<double> weights)
    {
        float[][] values = [.. tensors.Select(t => t.ToFloats())];
        float[] mean = new float[values[0].Length];
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            for (int t = 0; t < values.Length; t++)
                sum += weights[t] * values[t][i];
            mean[i] = (float)sum;
        }
        return OnnxTensor.FromFloats(tensors[0].Name, [.. tensors[0].Shape], mean);
    }

    /// <summary>The mean of networks that differ in the values of their initializers alone; integers and the like are the first's.</summary>
    /// <param name="graphs">The networks.</param>
    /// <param name="weights">Their weights, which add up to 1.</param>
    /// <exception cref="ArgumentException">A network is another one than the first.</exception>
    public static OnnxGraph Of(IReadOnlyList<OnnxGraph> graphs, IReadOnlyList<double> weights)
    {
        for (int i = 1; i < graphs.Count; i++)
            CheckAlike(graphs[0], graphs[i], i);
        var means = graphs[0]
            .Initializers.Values.Where(t => t.ElementType == OnnxElementType.Float)
            .ToDictionary(t => t.Name, t => Of([.. graphs.Select(g => g.Initializers[t.Name])], weights));
        return graphs[0].WithWeights(means);
    }

    private static void CheckAlike(OnnxGraph first, OnnxGraph other, int index)
    {
        string? difference =
            other.Nodes.Count != first.Nodes.Count
                ? $"{other.Nodes.Count} nodes instead of {first.Nodes.Count}"
                : first
                    .Nodes.Zip(other.Nodes)
                    .Where(pair => (pair.First.OpType, pair.First.Domain) != (pair.Second.OpType, pair.Second.Domain))
                    .Select(pair => $"{pair.Second.Describe()} in place of {pair.First.Describe()}")
                    .FirstOrDefault()
                    ?? first
                        .Initializers.Values.Select(t =>
                            !other.Initializers.TryGetValue(t.Name, out OnnxTensor? its) ? $"no initializer '{t.Name}'"
                            : its.ElementType != t.ElementType || !its.Shape.SequenceEqual(t.Shape) ? $"{its} in place of {t}"
                            : null
                        )
                        .FirstOrDefault(d => d is not null);
        if (difference is not null)
            throw new ArgumentException(
                $"Model {index} is another network than model 0: it has {difference}. Weights are averaged between models that were "
                    + "trained from the same network, with the same classes."
            );
    }
}
