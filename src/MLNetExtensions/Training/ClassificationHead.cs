using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>
/// The new classifier: standardize the features, drop some, one linear layer. The standardization is fixed by the training set; it makes
/// one learning rate suit every backbone, and is folded into the linear layer for the exported model.
/// </summary>
internal static class ClassificationHead
{
    public const string Features = "head/features";
    public const string Logits = "head/logits";
    public const string Weight = "head/weight";
    public const string Bias = "head/bias";

    // Constants, not parameters: the training session is told by name what to train.
    private const string Scale = "head/scale";
    private const string Shift = "head/shift";

    /// <summary>The names of the head's parameters.</summary>
    public static IReadOnlyList<string> Parameters => [Weight, Bias];

    /// <summary>
    /// A head over features with the given means and standard deviations; weights drawn as torch.nn.Linear does, smaller.
    /// </summary>
    public static OnnxGraph Create(float[] mean, float[] standardDeviation, int classes, float dropout, int opset, Random random)
    {
        int size = mean.Length;
        var scale = new float[size];
        var shift = new float[size];
        for (int i = 0; i < size; i++)
        {
            // Leave what never moves alone instead of dividing by zero.
            scale[i] = standardDeviation[i] > FeatureStatistics.Constant ? 1 / standardDeviation[i] : 0;
            shift[i] = -mean[i] * scale[i];
        }
        var weight = new float[classes * size];
        float bound = 0.1f / MathF.Sqrt(size);
        for (int i = 0; i < weight.Length; i++)
            weight[i] = (random.NextSingle() * 2 - 1) * bound;

        var nodes = new List<OnnxNode>
        {
            OnnxNode.Create("Mul", [Features, Scale], ["head/scaled"]),
            OnnxNode.Create("Add", ["head/scaled", Shift], ["head/standardized"]),
        };
        string input = "head/standardized";
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        if (dropout > 0)
        {
            // Opset 12 moved the ratio from an attribute to an input.
            nodes.Add(
                opset >= 12
                    ? OnnxNode.Create("Dropout", [input, "head/ratio"], ["head/dropped"])
                    : OnnxNode.Create("Dropout", [input], ["head/dropped"], OnnxAttribute.Of("ratio", dropout))
            );
            if (opset >= 12)
                initializers["head/ratio"] = OnnxTensor.FromFloats("head/ratio", [], [dropout]);
            input = "head/dropped";
        }
        nodes.Add(OnnxNode.Create("Gemm", [input, Weight, Bias], [Logits], OnnxAttribute.Of("transB", 1)));
        initializers[Scale] = OnnxTensor.FromFloats(Scale, [size], scale);
        initializers[Shift] = OnnxTensor.FromFloats(Shift, [size], shift);
        initializers[Weight] = OnnxTensor.FromFloats(Weight, [classes, size], weight);
        initializers[Bias] = OnnxTensor.FromFloats(Bias, [classes], new float[classes]);
        return new OnnxGraph
        {
            Name = "head",
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [OnnxValue.Create(Features, OnnxElementType.Float, -1, size)],
            Outputs = [OnnxValue.Create(Logits, OnnxElementType.Float, -1, classes)],
            Nodes = nodes,
            Initializers = initializers,
        };
    }

    /// <summary>The head as one linear layer: no dropout, the standardization folded into the weights.</summary>
    public static OnnxGraph Fold(OnnxGraph head)
    {
        float[] scale = head.Initializers[Scale].ToFloats();
        float[] shift = head.Initializers[Shift].ToFloats();
        OnnxTensor weight = head.Initializers[Weight];
        float[] weights = weight.ToFloats();
        float[] bias = head.Initializers[Bias].ToFloats();
        int size = scale.Length;
        for (int c = 0; c < bias.Length; c++)
        {
            double offset = bias[c];
            for (int i = 0; i < size; i++)
            {
                offset += (double)weights[c * size + i] * shift[i];
                weights[c * size + i] *= scale[i];
            }
            bias[c] = (float)offset;
        }
        return head with
        {
            Nodes = [OnnxNode.Create("Gemm", [Features, Weight, Bias], [Logits], OnnxAttribute.Of("transB", 1))],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                [Weight] = OnnxTensor.FromFloats(Weight, [.. weight.Shape], weights),
                [Bias] = OnnxTensor.FromFloats(Bias, [bias.Length], bias),
            },
        };
    }
}
