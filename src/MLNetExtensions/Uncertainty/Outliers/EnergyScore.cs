using System.Numerics.Tensors;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>
/// The energy of a classifier's logits, -T ln sum exp(z / T) (<see href="https://arxiv.org/abs/2010.03759">arXiv 2010.03759</see>): the
/// column holds the values before the softmax. Probabilities will not do, their logarithms have the same energy for all rows if T is 1.
/// </summary>
public sealed record EnergyScore : OutlierScore
{
    /// <summary>The temperature T, above 0.</summary>
    /// <value>The default is 1.</value>
    public float Temperature { get; init; } = 1;

    internal override void Check(OptionProblems problems) =>
        problems.Check(Temperature > 0 && float.IsFinite(Temperature), nameof(Temperature), Temperature, "above 0");

    internal override string Fit(FeatureRows rows, ColumnGraph graph, string input, Span<float> own)
    {
        float[] scaled = new float[rows.Length];
        for (int row = 0; row < rows.Count; row++)
        {
            TensorPrimitives.Divide(rows.Row(row), Temperature, scaled);
            float largest = TensorPrimitives.Max<float>(scaled);
            TensorPrimitives.Subtract(scaled, largest, scaled);
            TensorPrimitives.Exp<float>(scaled, scaled);
            own[row] = -Temperature * (largest + MathF.Log(TensorPrimitives.Sum<float>(scaled)));
        }
        var nodes = new GraphNodes(graph);
        string divided = nodes.Add("Div", input, graph.Floats("temperature", [], Temperature));
        string sum = graph.Nodes.Add("ReduceLogSumExp", [divided], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 1L));
        return nodes.Add("Mul", sum, graph.Floats("negated", [], -Temperature));
    }
}
