using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html">MeanVarianceNormalization</see>: what is above the mean,
/// in standard deviations. The specification adds 1e-9 to the deviation; here the variance is taken of what is above the mean, which does
/// not lose its digits where the mean is large.
/// </summary>
internal sealed class MeanVarianceNormalizationDecomposition() : NodeRewrite("MeanVarianceNormalization")
{
    private const double Epsilon = 1e-9;

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string x = node.Node.Inputs[0];
        string axes = build.Ints(node.Node.Ints("axes") ?? [0, 2, 3]);
        string mean = build.Add("ReduceMean", [x, axes]);
        string above = build.Add("Sub", [x, mean]);
        string variance = build.Add("ReduceMean", [build.Add("Mul", [above, above]), axes]);
        string deviation = build.Add("Add", [build.Add("Sqrt", [variance]), build.Scalar(Epsilon, x)]);
        build.Finish("Div", [above, deviation]);
    }
}
