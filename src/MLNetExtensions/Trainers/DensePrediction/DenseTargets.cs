using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>
/// Targets that are inputs of the network, as they move with the pixels: what is trained is a graph that ends in its own loss, the first value
/// of its output. There is nothing left to compare.
/// </summary>
/// <param name="width">The values of the network's output for an image.</param>
/// <param name="fingerprint">A text that changes where the data do.</param>
internal class DenseTargets(int width, string fingerprint) : TrainingTargets
{
    /// <summary>The loss that is the first value of the output.</summary>
    public static OnnxLoss FirstValue { get; } =
        new(
            new OnnxGraph
            {
                Name = "first value",
                Opsets = new Dictionary<string, int> { [""] = 18 },
                Inputs =
                [
                    OnnxValue.Create("outputs", OnnxElementType.Float, -1, -1),
                    // Losses have targets; this one reads none.
                    OnnxValue.Create("classes", OnnxElementType.Int64, -1),
                ],
                Outputs = [OnnxValue.Create("loss", OnnxElementType.Float, -1)],
                Nodes = [OnnxNode.Create("Gather", ["outputs", "first"], ["loss"], OnnxAttribute.Of("axis", 1L))],
                Initializers = new Dictionary<string, OnnxTensor> { ["first"] = OnnxTensor.FromInt64s("first", [], [0]) },
            }
        );

    public sealed override int Width => width;

    public sealed override bool KeepsOutputs => false;

    public sealed override int TargetWidth(bool training) => FirstValue.TargetWidth(width);

    public sealed override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        int values = FirstValue.TargetWidth(width);
        for (int row = 0; row < rows.Length; row++)
            (targets[row * values], targets[row * values + 1]) = (0, 1);
        return rows.Length;
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => default;

    public sealed override string Fingerprint() => fingerprint;
}
