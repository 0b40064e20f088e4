using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Tensors;
using Xunit;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Runs graphs in ONNX Runtime and compares what two graphs compute.</summary>
internal static class OrtRunner
{
    /// <summary>Runs a graph; gives its outputs in order.</summary>
    public static OnnxTensor[] Run(OnnxGraph graph, IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        options.IntraOpNumThreads = 1;
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        using var session = new InferenceSession(graph.ToBytes(), options);
        using var run = new RunOptions();
        string[] names = [.. session.InputMetadata.Keys];
        List<OrtValue> values = [.. names.Select(n => ToOrt(inputs[n]))];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, names, values, session.OutputNames);
        OnnxTensor[] outputs = [.. graph.Outputs.Select(o => FromOrt(o.Name, results[session.OutputNames.ToList().IndexOf(o.Name)]))];
        values.ForEach(v => v.Dispose());
        return outputs;
    }

    /// <summary>Lowers a graph for the given inputs and checks that it computes the same, and that every inferred type is true.</summary>
    public static LoweredGraph CheckLowering(
        OnnxGraph graph,
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        Func<OnnxNode, bool> isNative,
        double tolerance = 1e-5
    )
    {
        LoweredGraph lowered = GraphLowering.Lower(graph, inputs.ToDictionary(i => i.Key, i => i.Value.Shape.ToArray()), isNative);
        OnnxTensor[] expected = Run(graph, inputs);
        OnnxTensor[] actual = Run(WithAllOutputs(lowered), inputs);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i], tolerance);
        foreach (OnnxTensor value in actual)
        {
            TensorType type = lowered.Types[value.Name];
            Assert.Equal($"{value.Name} {type}", $"{value.Name} {new TensorType(value.ElementType, [.. value.Shape])}");
        }
        return lowered;
    }

    public static void AssertClose(OnnxTensor expected, OnnxTensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ElementType, actual.ElementType);
        double[] a = Numbers.ToDoubles(expected);
        double[] b = Numbers.ToDoubles(actual);
        double scale = Math.Max(1, a.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < a.Length; i++)
            if (!(a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= tolerance * scale))
                Assert.Fail($"output '{expected.Name}', element {i} of {a.Length}: expected {a[i]}, got {b[i]}");
    }

    private static OnnxGraph WithAllOutputs(LoweredGraph lowered)
    {
        HashSet<string> declared = [.. lowered.Graph.Outputs.Select(o => o.Name)];
        IEnumerable<OnnxValue> between = lowered
            .Graph.Nodes.SelectMany(n => n.Outputs)
            .Where(name => lowered.Types.ContainsKey(name) && declared.Add(name))
            .Select(name => OnnxValue.Create(name, lowered.Types[name].ElementType, lowered.Types[name].Shape));
        // What one node is lowered to shares its name, which ONNX Runtime refuses.
        OnnxNode[] nodes = [.. lowered.Graph.Nodes.Select(n => n with { Name = "" })];
        return lowered.Graph with { Outputs = [.. lowered.Graph.Outputs, .. between], Nodes = nodes };
    }

    private static OrtValue ToOrt(OnnxTensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance,
            (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)(int)tensor.ElementType,
            [.. tensor.Shape]
        );
        tensor.RawData.Span.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static OnnxTensor FromOrt(string name, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return new OnnxTensor(name, (OnnxElementType)(int)info.ElementDataType, info.Shape, value.GetTensorMutableRawData().ToArray());
    }
}
