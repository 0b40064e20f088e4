using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>Scores images in ONNX Runtime: the logits, and beside them a value from inside the network. Holds a session.</summary>
internal sealed class ScoredLogits : IDisposable
{
    private readonly ExplainedNetwork _network;
    private readonly RuntimeSession _session;
    private readonly string[] _outputs;

    /// <param name="context">The context: its GPU settings.</param>
    /// <param name="network">The network.</param>
    /// <param name="inner">The name of a value from inside; null for none.</param>
    public ScoredLogits(MLContext context, ExplainedNetwork network, string? inner = null)
    {
        _network = network;
        OnnxGraph graph = network.Graph;
        if (inner is not null)
            graph = graph with { Outputs = [graph.Outputs[0], new OnnxValue(inner, OnnxElementType.Float, null)] };
        _outputs = [.. graph.Outputs.Select(output => output.Name)];
        _session = SessionOpening.Open(context, OnnxModelSource.OfGraph(graph), new OnnxSessionSettings(), threads: 0);
    }

    /// <summary>Scores images.</summary>
    /// <param name="pixels">Their values, one image after another.</param>
    /// <param name="rows">The number of images.</param>
    /// <param name="logits">Receives the logits, one image after another.</param>
    /// <param name="inner">Receives the inner value; empty for none.</param>
    public void Run(Memory<float> pixels, int rows, Span<float> logits, Span<float> inner = default)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            pixels[..(rows * _network.InputLength)],
            [rows, .. _network.InputShape]
        );
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run([_network.Graph.Inputs[0].Name], [input], _outputs);
        results[0].GetTensorDataAsSpan<float>().CopyTo(logits);
        if (!inner.IsEmpty)
            results[1].GetTensorDataAsSpan<float>().CopyTo(inner);
    }

    public void Dispose() => _session.Dispose();
}
