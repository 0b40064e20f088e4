using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>
/// A number of 0 to 1 for each row that looks drawn, but follows from the row's probabilities: a hash in whole numbers, the same here and
/// in ONNX Runtime, on any number of threads, and after a model was saved.
/// </summary>
/// <remarks>It is a function of the row, like the rest of a nonconformity score, so coverage is as promised for any such function.</remarks>
internal sealed class RowChance
{
    // A Mersenne prime below 2^31: products of a number below it and of one below 2^25 fit 64 bits.
    private const long Prime = int.MaxValue;

    // Probabilities are multiples of 2^-24, or are cut to them.
    private const float Steps = 1 << 24;

    private readonly long[] _factors;

    public RowChance(int classes, int seed)
    {
        var random = new Random(seed);
        _factors = [.. Enumerable.Range(0, classes).Select(_ => random.NextInt64(1, Prime))];
    }

    /// <summary>The number of a row.</summary>
    public float Of(ReadOnlySpan<float> probabilities)
    {
        long sum = 0;
        for (int c = 0; c < probabilities.Length; c++)
            sum += (long)MathF.Floor(probabilities[c] * Steps) * _factors[c] % Prime;
        return (float)(sum % Prime) / Prime;
    }

    /// <summary>Adds the nodes that compute it, Float [batch, 1].</summary>
    public string AddTo(ColumnGraph graph, string probabilities)
    {
        GraphNodes nodes = new(graph);
        string prime = graph.Integers("prime", Prime);
        string scaled = nodes.Add("Floor", nodes.Add("Mul", probabilities, graph.Floats("steps", [], Steps)));
        string whole = nodes.Cast(scaled, OnnxElementType.Int64);
        string product = nodes.Add("Mul", whole, graph.Nodes.Constant(OnnxTensor.FromInt64s("factors", [1, _factors.Length], _factors)));
        string sum = nodes.Add("Mod", graph.Sum(nodes.Add("Mod", product, prime)), prime);
        return nodes.Add("Div", nodes.Cast(sum, OnnxElementType.Float), graph.Floats("primeAsFloat", [], Prime));
    }
}
