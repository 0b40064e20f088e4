using MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;
using MLNetExtensions.Onnx.Decompositions.Recurrent;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>All rewrites: forms, which every runtime needs, and composites, which a runtime may do itself for speed.</summary>
internal static class Rewrites
{
    private static readonly ILookup<string, NodeRewrite> Forms = new NodeRewrite[]
    {
        new AutoPadForm("Conv"),
        new AutoPadForm("MaxPool"),
        new AutoPadForm("AveragePool"),
        new AutoPadForm("LpPool"),
        new AxesForm("ReduceL1", 17),
        new AxesForm("ReduceL2", 17),
        new AxesForm("ReduceLogSum", 17),
        new AxesForm("ReduceLogSumExp", 17),
        new AxesForm("ReduceMax", 17),
        new AxesForm("ReduceMean", 17),
        new AxesForm("ReduceMin", 17),
        new AxesForm("ReduceProd", 17),
        new AxesForm("ReduceSum", 12),
        new AxesForm("ReduceSumSquare", 17),
        new AxesForm("Squeeze", 12),
        new AxesForm("Unsqueeze", 12),
        new BatchNormalizationForm(),
        new ClipForm(),
        new ConvTransposePadsForm(),
        new DropoutForm(),
        new FlatSoftmaxForm("Hardmax"),
        new FlatSoftmaxForm("LogSoftmax"),
        new FlatSoftmaxForm("Softmax"),
        new GridSampleForm(),
        new GroupNormalizationForm(),
        new OversizedPoolForm("AveragePool"),
        new OversizedPoolForm("LpPool"),
        new OversizedPoolForm("MaxPool"),
        new PadForm(),
        new ReshapeForm(),
        new Resize10Form(),
        new ResizeInputsForm(),
        new ScatterForm(),
        new SliceForm(),
        new SplitForm(),
        new TopKForm(),
        new UpsampleForm(),
    }.ToLookup(r => r.OpType);

    private static readonly Dictionary<string, NodeRewrite> Composites = new NodeRewrite[]
    {
        new FlattenDecomposition(),
        new GruDecomposition(),
        new LstmDecomposition(),
        new MeanVarianceNormalizationDecomposition(),
        new NegativeLogLikelihoodDecomposition(),
        new RnnDecomposition(),
        new SoftmaxCrossEntropyDecomposition(),
    }.ToDictionary(r => r.OpType);

    /// <summary>The operators that are rewritten in some form.</summary>
    public static IEnumerable<string> OpTypes => Forms.Select(group => group.Key).Union(Composites.Keys);

    public static bool Know(OnnxNode node) =>
        node.Domain.Length == 0 && (Forms.Contains(node.OpType) || Composites.ContainsKey(node.OpType));

    /// <summary>
    /// The rewrite that brings a node of an older opset, or of a form with implied values, to the one form that runtimes know.
    /// </summary>
    public static NodeRewrite? FindForm(LoweringNode node, int opset) =>
        node.Node.Domain.Length > 0
            ? null
            : Forms[node.OpType].FirstOrDefault(r => r.Since <= opset && opset <= r.Until && r.Applies(node));

    /// <summary>The decomposition of an operator in its opset-22 form.</summary>
    public static NodeRewrite? FindComposite(OnnxNode node) => node.Domain.Length > 0 ? null : Composites.GetValueOrDefault(node.OpType);
}
