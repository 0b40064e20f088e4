using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.Distilling;

/// <summary>
/// A session whose network also gives, behind its answers, what a linear layer makes of its features: for the loss. Predictions have the
/// answers only.
/// </summary>
internal sealed class HintedSession(ITrainingSession inner, int answers, int hints)
    : ITrainingSession,
        IGradientSource,
        IMaskedSession,
        IWorkers
{
    private const string Prefix = "hint/";

    private float[] _outputs = [];

    private IWorkers? Together => inner as IWorkers;

    public string Device => inner.Device;

    public TrainingPrecision Precision => inner.Precision;

    /// <summary>The network with the linear layer, whose output is behind the network's own.</summary>
    /// <param name="network">The student.</param>
    /// <param name="hints">The number of the teacher's features.</param>
    /// <param name="seed">Draws the layer's first weights.</param>
    public static OnnxGraph Attach(OnnxGraph network, int hints, int seed)
    {
        FeatureValue features = FeatureValue.Find(network);
        var names = new ValueNames(features.Graph);
        (string weight, string bias, string made, string joined) = (
            names.Take(Prefix + "weight"),
            names.Take(Prefix + "bias"),
            names.Take(Prefix + "features"),
            names.Take(Prefix + "output")
        );
        var random = new Random(seed);
        float bound = 1 / MathF.Sqrt(features.Count);
        return features.Graph with
        {
            Nodes =
            [
                .. features.Graph.Nodes,
                OnnxNode.Create("Gemm", [features.Name, weight, bias], [made], OnnxAttribute.Of("transB", 1L)),
                OnnxNode.Create("Concat", [network.Outputs[0].Name, made], [joined], OnnxAttribute.Of("axis", 1L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(features.Graph.Initializers)
            {
                [weight] = OnnxTensor.FromFloats(
                    weight,
                    [hints, features.Count],
                    [.. Enumerable.Range(0, hints * features.Count).Select(_ => (2 * random.NextSingle() - 1) * bound)]
                ),
                [bias] = OnnxTensor.FromFloats(bias, [hints], new float[hints]),
            },
            Outputs = [new OnnxValue(joined, OnnxElementType.Float, null)],
        };
    }

    public float Step(TrainingBatch batch, float learningRate) => inner.Step(batch, learningRate);

    public void Predict(TrainingBatch batch, Span<float> output)
    {
        int width = answers + hints;
        if (_outputs.Length < batch.Count * width)
            _outputs = new float[batch.Count * width];
        inner.Predict(batch, _outputs.AsSpan(0, batch.Count * width));
        for (int row = 0; row < batch.Count; row++)
            _outputs.AsSpan(row * width, answers).CopyTo(output[(row * answers)..]);
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadWeights() => inner.ReadWeights();

    public void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights) => inner.WriteWeights(weights);

    public IReadOnlyDictionary<string, OnnxTensor> ReadState() => inner.ReadState();

    public void WriteState(IReadOnlyDictionary<string, OnnxTensor> state) => inner.WriteState(state);

    public IReadOnlyDictionary<string, OnnxTensor> ReadGradients() =>
        (inner as IGradientSource)?.ReadGradients() ?? new Dictionary<string, OnnxTensor>();

    public void SetMasks(IReadOnlyDictionary<string, OnnxTensor> masks) =>
        (
            (inner as IMaskedSession) ?? throw new NotSupportedException($"The training runtime of {inner.GetType().Name} keeps no masks.")
        ).SetMasks(masks);

    public int WorldSize => Together?.WorldSize ?? 1;

    public int Rank => Together?.Rank ?? 0;

    public void AllReduceSum(Span<double> values) => Together?.AllReduceSum(values);

    public void CheckEqual(IReadOnlyDictionary<string, string> settings) => Together?.CheckEqual(settings);

    public void Dispose() => inner.Dispose();
}
