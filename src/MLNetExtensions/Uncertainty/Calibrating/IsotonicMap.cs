using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>A rising curve for each class, and then divided by the sum over the classes.</summary>
internal sealed class IsotonicMap(IsotonicCurve[] curves) : ProbabilityMap
{
    /// <summary>The part of the old probability that is added, so that no row is 0 for all classes and that flat pieces keep their order.</summary>
    private const float Rest = 1e-6f;

    /// <summary>The most pieces of a curve; more points than these are thinned out evenly.</summary>
    private const int MostPoints = 1000;

    public IReadOnlyList<IsotonicCurve> Curves => curves;

    public static IsotonicMap Fit(float[] probabilities, int[] labels, int classes) =>
        new([
            .. Enumerable
                .Range(0, classes)
                .Select(c =>
                    Thin(
                        IsotonicCurve.Fit(
                            [.. labels.Select((_, row) => probabilities[(row * classes) + c])],
                            [.. labels.Select(label => label == c ? 1f : 0)]
                        )
                    )
                ),
        ]);

    /// <summary>
    /// value(x) = first value + sum over pieces of slope times (x held between the piece's ends, less its beginning).
    /// </summary>
    public override void AddTo(ColumnGraph graph, string probabilities)
    {
        int classes = curves.Length,
            pieces = Math.Max(1, curves.Max(curve => curve.Inputs.Length - 1));
        float[] lengths = new float[classes * pieces],
            begins = new float[classes * pieces],
            slopes = new float[classes * pieces];
        for (int c = 0; c < classes; c++)
        for (int piece = 0; piece + 1 < curves[c].Inputs.Length; piece++)
        {
            int at = (c * pieces) + piece;
            begins[at] = curves[c].Inputs[piece];
            lengths[at] = curves[c].Inputs[piece + 1] - curves[c].Inputs[piece];
            slopes[at] = (curves[c].Values[piece + 1] - curves[c].Values[piece]) / lengths[at];
        }
        var nodes = new GraphNodes(graph);
        long[] table = [1, classes, pieces];
        string column = nodes.Add("Unsqueeze", probabilities, graph.Integers("last", 2));
        string within = nodes.Add("Sub", column, graph.Floats("begins", table, begins));
        within = nodes.Add("Min", nodes.Add("Max", within, graph.Floats("zero", [], 0)), graph.Floats("lengths", table, lengths));
        string risen = graph.Nodes.Add(
            "ReduceSum",
            [nodes.Add("Mul", within, graph.Floats("slopes", table, slopes)), graph.Integers("pieces", 2)],
            OnnxAttribute.Of("keepdims", 0L)
        );
        string value = nodes.Add("Add", risen, graph.Floats("first", [1, classes], [.. curves.Select(curve => curve.Values[0])]));
        value = nodes.Add("Add", value, nodes.Add("Mul", probabilities, graph.Floats("rest", [], Rest)));
        graph.Nodes.AddLast("Div", [value, graph.Sum(value)]);
    }

    /// <summary>The same of one row, for tests and for those who do without ONNX Runtime.</summary>
    public void Apply(ReadOnlySpan<float> probabilities, Span<float> calibrated)
    {
        float sum = 0;
        for (int c = 0; c < curves.Length; c++)
            sum += calibrated[c] = curves[c].At(probabilities[c]) + (Rest * probabilities[c]);
        for (int c = 0; c < curves.Length; c++)
            calibrated[c] /= sum;
    }

    private static IsotonicCurve Thin(IsotonicCurve curve)
    {
        int count = curve.Inputs.Length;
        if (count <= MostPoints)
            return curve;
        int[] kept = [.. Enumerable.Range(0, MostPoints).Select(i => (int)((long)i * (count - 1) / (MostPoints - 1)))];
        return new IsotonicCurve([.. kept.Select(i => curve.Inputs[i])], [.. kept.Select(i => curve.Values[i])]);
    }
}
