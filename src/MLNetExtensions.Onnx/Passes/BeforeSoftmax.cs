namespace MLNetExtensions.Onnx.Passes;

/// <summary>A classifier's answers before a Softmax at the end, which flattens what differs.</summary>
internal static class BeforeSoftmax
{
    /// <summary>Finds the input of the Softmax or LogSoftmax that produces a value; the value itself if another node produces it.</summary>
    public static string Find(OnnxGraph graph, string output) =>
        graph.ProducerOf(output) is { OpType: "Softmax" or "LogSoftmax", Domain: "" } softmax ? softmax.Inputs[0] : output;

    /// <summary>The graph up to a float value, which is its only output.</summary>
    public static OnnxGraph UpTo(OnnxGraph graph, string value) =>
        RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(value, OnnxElementType.Float, null)] });
}
