namespace MLNetExtensions.Onnx;

/// <summary>
/// The rules of graphs that all that works on them relies on. A file is checked once, when it is read, so that nothing else has to: a node
/// has the inputs that its operator cannot be without, makes something, and every value is made once.
/// </summary>
internal static class WellFormed
{
    private static readonly Dictionary<string, int> RequiredInputs = Collect();

    /// <summary>Checks a graph whose nodes are checked.</summary>
    /// <param name="graph">The graph; its nodes are in order, and read only what is there.</param>
    /// <exception cref="OnnxFormatException">It breaks a rule; the message names the place.</exception>
    public static void Check(OnnxGraph graph)
    {
        if (graph.Outputs.Count == 0)
            throw new OnnxFormatException("it has no outputs.");
        var made = new HashSet<string>();
        foreach (string name in graph.Inputs.Select(i => i.Name).Concat(graph.Initializers.Keys))
        {
            if (name.Length == 0)
                throw new OnnxFormatException("it has an input or an initializer without a name.");
            if (!made.Add(name))
                throw new OnnxFormatException($"it has two inputs named '{name}'.");
        }
        foreach (OnnxValue value in graph.Inputs.Concat(graph.ValueInfos).Concat(graph.Outputs))
            if (
                value.Shape is { } shape
                && StatedShape.Problem(value.Name, value.ElementType, [.. shape.Select(d => d.Size).OfType<long>()], shape.Count)
                    is { } problem
            )
                throw new OnnxFormatException(problem);
        foreach (OnnxNode node in graph.Nodes)
        foreach (string output in node.Outputs)
            if (output.Length > 0 && !made.Add(output))
                throw new OnnxFormatException($"node {node.Describe()} makes '{output}', which is there already.");
        if (graph.Outputs.FirstOrDefault(o => !made.Contains(o.Name)) is { } stranger)
            throw new OnnxFormatException($"its output '{stranger.Name}' is one that nothing in the graph makes.");
    }

    /// <summary>Checks a node.</summary>
    /// <exception cref="OnnxFormatException">It makes nothing, or lacks an input that its operator needs.</exception>
    public static void Check(OnnxNode node)
    {
        if (node.Outputs.Count == 0)
            throw new OnnxFormatException($"Node {node.Describe()} has no outputs.");
        foreach (OnnxAttribute attribute in node.Attributes.Values)
            if (StatedShape.Problem(attribute.Name, attribute.Proto.Ints) is { } problem)
                throw new OnnxFormatException($"Node {node.Describe()}: {problem}");
        RuntimeLimits.Check(node);
        int required = RequiredInputs.GetValueOrDefault(node.OpType);
        // Of an operator of another domain the name alone is known.
        if (node.Domain.Length > 0)
            required = Math.Min(required, 1);
        for (int i = 0; i < required; i++)
            if (!node.HasInput(i))
                throw new OnnxFormatException(
                    $"Node {node.Describe()} has no input {i}; its operator needs {required}. Its inputs are "
                        + $"({string.Join(", ", node.Inputs)})."
                );
    }

    /// <summary>The number of inputs that an operator of ONNX has in every opset; those that are not here may have none.</summary>
    private static Dictionary<string, int> Collect()
    {
        var required = new Dictionary<string, int>();
        Add(
            1,
            "Abs Acos Acosh ArgMax ArgMin Asin Asinh Atan Atanh AveragePool Bernoulli BitwiseNot BlackmanWindow Cast Ceil Celu Clip "
                + "Concat ConcatFromSequence ConstantOfShape Cos Cosh DFT DepthToSpace Det Dropout DynamicQuantizeLinear Einsum Elu Erf "
                + "Exp EyeLike Flatten Floor Gelu GlobalAveragePool GlobalLpPool GlobalMaxPool HammingWindow HannWindow HardSigmoid "
                + "HardSwish Hardmax Identity If ImageDecoder IsInf IsNaN LRN LeakyRelu Log LogSoftmax LpNormalization LpPool Max MaxPool "
                + "Mean MeanVarianceNormalization Min Mish Multinomial Neg NonZero Not OptionalGetElement Pad RandomNormalLike "
                + "RandomUniformLike Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd "
                + "ReduceSum ReduceSumSquare RegexFullMatch Relu Resize Round Scan Selu SequenceConstruct SequenceErase SequenceLength "
                + "SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split SplitToSequence "
                + "Sqrt Squeeze StringNormalizer StringSplit Sum Swish Tan Tanh TfIdfVectorizer ThresholdedRelu TopK Transpose Trilu "
                + "Unique Unsqueeze Upsample"
        );
        Add(
            2,
            "Add AffineGrid And BitShift BitwiseAnd BitwiseOr BitwiseXor CastLike CenterCropPad Compress Conv ConvInteger ConvTranspose "
                + "CumSum DequantizeLinear Div Equal Expand Gather GatherElements GatherND Gemm Greater GreaterOrEqual GridSample "
                + "LayerNormalization Less LessOrEqual MatMul MatMulInteger MaxRoiPool MaxUnpool Mod Mul NegativeLogLikelihoodLoss "
                + "NonMaxSuppression Or PRelu Pow QuantizeLinear RMSNormalization Reshape ReverseSequence STFT SequenceAt SequenceInsert "
                + "SoftmaxCrossEntropyLoss StringConcat Sub Tile Xor"
        );
        Add(
            3,
            "Attention Col2Im DeformConv GRU GroupNormalization InstanceNormalization LSTM OneHot RNN Range RoiAlign RotaryEmbedding "
                + "Scatter ScatterElements ScatterND TensorScatter Where"
        );
        Add(5, "BatchNormalization MelWeightMatrix");
        Add(8, "QLinearConv QLinearMatMul");
        return required;

        void Add(int count, string names)
        {
            foreach (string name in names.Split(' '))
                required.Add(name, count);
        }
    }
}
