using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Export;

/// <summary>
/// A graph of another operator set. Between 13 and 21 most operators are the same; those whose attributes became inputs, or the other way round, are rewritten. Whether the
/// result is right is not believed: ONNX Runtime loads it and must compute the same.
/// </summary>
internal static class OpsetConversion
{
    public const int Minimum = 13, Maximum = 21;

    // The opset in which the axes of reductions became an input, and Split got a number of outputs.
    private const int AxesAsInput = 18;

    private const float Tolerance = 1e-4f;

    private static readonly HashSet<string> Reductions = ["ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"];

    /// <exception cref="OnnxFormatException">The graph cannot be converted; the message says why.</exception>
    public static OnnxGraph Convert(OnnxGraph graph, int opset)
    {
        if (graph.Opset == opset)
            return graph;
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        OnnxNode[] nodes = [.. graph.Nodes.Select(node => node.Domain.Length > 0 ? node : Rewrite(node, graph.Opset, opset, initializers))];
        OnnxGraph converted = graph with { Opsets = new Dictionary<string, int>(graph.Opsets) { [""] = opset }, Nodes = nodes, Initializers = initializers };
        Compare(graph, converted);
        return converted;
    }

    private static OnnxNode Rewrite(OnnxNode node, int from, int to, OrderedDictionary<string, OnnxTensor> initializers)
    {
        if (from < AxesAsInput && to >= AxesAsInput)
        {
            if (Reductions.Contains(node.OpType) && node.Ints("axes") is { } axes)
            {
                string name = $"{node.Outputs[0]}/axes";
                initializers[name] = OnnxTensor.FromInt64s(name, [axes.Length], axes);
                return node with { Inputs = [node.Inputs[0], name], Attributes = Without(node, "axes") };
            }
            if (node.OpType == "Split" && !node.HasInput(1))
                return node with { Attributes = new Dictionary<string, OnnxAttribute>(node.Attributes) { ["num_outputs"] = OnnxAttribute.Of("num_outputs", (long)node.Outputs.Count) } };
        }
        if (from >= AxesAsInput && to < AxesAsInput)
        {
            if (Reductions.Contains(node.OpType) && node.HasInput(1) && initializers.TryGetValue(node.Inputs[1], out OnnxTensor? axes))
                return node with
                {
                    Inputs = [node.Inputs[0]],
                    Attributes = new Dictionary<string, OnnxAttribute>(node.Attributes) { ["axes"] = OnnxAttribute.Of("axes", axes.ToInt64s()) },
                };
            if (node.OpType == "Split")
                return node with { Attributes = Without(node, "num_outputs") };
        }
        return node;
    }

    private static Dictionary<string, OnnxAttribute> Without(OnnxNode node, string attribute) =>
        node.Attributes.Where(a => a.Key != attribute).ToDictionary(a => a.Key, a => a.Value);

    private static void Compare(OnnxGraph graph, OnnxGraph converted)
    {
        string what = $"The model '{graph.Name}' of opset {graph.Opset} cannot be converted to opset {converted.Opset}";
        float[][] expected, actual;
        try
        {
            expected = Run(graph);
            actual = Run(converted);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxFormatException($"{what}: {e.Message} Export it with its own opset, and convert it with onnx.version_converter.", e);
        }
        for (int output = 0; output < expected.Length; output++)
            if (expected[output].Length != actual[output].Length || expected[output].Zip(actual[output]).Any(v =>
                Math.Abs(v.First - v.Second) > Tolerance * Math.Max(1, Math.Abs(v.First)) || float.IsNaN(v.First) != float.IsNaN(v.Second)))
                throw new OnnxFormatException($"{what}: its output '{graph.Outputs[output].Name}' would be another. Export it with its own opset.");
    }

    /// <summary>The outputs that are numbers for inputs that are drawn, sizes that are open being 1.</summary>
    private static float[][] Run(OnnxGraph graph)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(graph.ToBytes(), options);
        using var run = new RunOptions();
        var inputs = new List<OrtValue>();
        try
        {
            foreach (OnnxValue input in graph.Inputs)
            {
                long[] shape = [.. input.Shape!.Select(d => d.Size ?? 1)];
                TensorBuffer buffer = (TensorKind.Of(input.ElementType) ?? throw new OnnxFormatException($"Input {input} is of a type that cannot be tried.")).NewBuffer();
                buffer.Resize(shape.Aggregate(1L, (product, size) => product * size));
                buffer.Clear(0, buffer.Length);
                var random = new Random(1);
                if (buffer is TensorBuffer<float> floats)
                    foreach (ref float value in floats.Items)
                        value = random.NextSingle() * 255;
                inputs.Add(buffer.ToOrtValue(shape));
            }
            string[] outputs = [.. graph.Outputs.Where(o => o.ElementType == OnnxElementType.Float).Select(o => o.Name)];
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, session.InputNames, inputs, outputs);
            return [.. results.Select(r => r.GetTensorDataAsSpan<float>().ToArray())];
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }
}
