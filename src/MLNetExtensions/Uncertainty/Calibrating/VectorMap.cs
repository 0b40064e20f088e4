using System.Numerics.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>softmax(w ln p + b), with a factor and an offset for each class; of a temperature T, w is 1 / T and b is 0.</summary>
internal sealed class VectorMap(float[] factors, float[] offsets) : ProbabilityMap
{
    public IReadOnlyList<float> Factors => factors;

    public IReadOnlyList<float> Offsets => offsets;

    public static VectorMap OfTemperature(float[] probabilities, int[] labels, int classes)
    {
        double temperature = TemperatureScaling.FitProbabilities(probabilities, labels, classes).Temperature;
        return new VectorMap([.. Enumerable.Repeat((float)(1 / temperature), classes)], new float[classes]);
    }

    public static VectorMap Fit(float[] probabilities, int[] labels, int classes)
    {
        int rows = labels.Length;
        double[] logits = new double[probabilities.Length],
            scores = new double[classes];
        for (int i = 0; i < logits.Length; i++)
            logits[i] = Math.Log(Math.Max(probabilities[i], Least));
        // Where a class has no rows, nothing but this holds its factor; beside rows it is nothing.
        const double Penalty = 1e-4;
        double[] point = [.. Enumerable.Repeat(1.0, classes), .. new double[classes]];
        LimitedMemoryBfgs.Minimize(
            (at, gradient) =>
            {
                gradient.Clear();
                double loss = 0;
                for (int row = 0; row < rows; row++)
                {
                    ReadOnlySpan<double> z = logits.AsSpan(row * classes, classes);
                    TensorPrimitives.MultiplyAdd(z, at[..classes], at[classes..], scores);
                    double largest = TensorPrimitives.Max<double>(scores),
                        right = scores[labels[row]];
                    TensorPrimitives.Subtract<double>(scores, largest, scores);
                    TensorPrimitives.Exp<double>(scores, scores);
                    double sum = TensorPrimitives.Sum<double>(scores);
                    loss += Math.Log(sum) + largest - right;
                    TensorPrimitives.Divide<double>(scores, sum * rows, scores);
                    scores[labels[row]] -= 1.0 / rows;
                    TensorPrimitives.MultiplyAdd(scores, z, gradient[..classes], gradient[..classes]);
                    TensorPrimitives.Add(gradient[classes..], scores, gradient[classes..]);
                }
                loss /= rows;
                for (int c = 0; c < classes; c++)
                {
                    loss += Penalty / 2 * (((at[c] - 1) * (at[c] - 1)) + (at[classes + c] * at[classes + c]));
                    gradient[c] += Penalty * (at[c] - 1);
                    gradient[classes + c] += Penalty * at[classes + c];
                }
                return loss;
            },
            point
        );
        return new VectorMap([.. point.Take(classes).Select(w => (float)w)], [.. point.Skip(classes).Select(b => (float)b)]);
    }

    public override void AddTo(ColumnGraph graph, string probabilities)
    {
        var nodes = new GraphNodes(graph);
        string logits = nodes.Add("Mul", Logarithm(graph, probabilities), graph.Floats("factors", [1, factors.Length], factors));
        if (Array.Exists(offsets, offset => offset != 0))
            logits = nodes.Add("Add", logits, graph.Floats("offsets", [1, offsets.Length], offsets));
        graph.Nodes.AddLast("Softmax", [logits], OnnxAttribute.Of("axis", 1L));
    }
}
