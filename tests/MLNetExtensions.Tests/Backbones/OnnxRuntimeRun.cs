using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>Runs graphs in ONNX Runtime, as written to a file: the reference for everything that changes graphs.</summary>
internal static class OnnxRuntimeRun
{
    /// <summary>A tensor of floats.</summary>
    public sealed record Floats(long[] Shape, float[] Values);

    /// <summary>The values of the graph's outputs, by name.</summary>
    public static Dictionary<string, Floats> Run(OnnxGraph graph, IReadOnlyDictionary<string, Floats> inputs)
    {
        // The file's own arithmetic: no fusions that would round differently in a part than in the whole.
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(graph.ToBytes(), options);
        Dictionary<string, OrtValue> values = inputs.ToDictionary(
            i => i.Key,
            i => OrtValue.CreateTensorValueFromMemory(i.Value.Values, i.Value.Shape)
        );
        try
        {
            string[] names = [.. graph.Outputs.Select(o => o.Name)];
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, values, names);
            return names
                .Zip(outputs)
                .ToDictionary(
                    o => o.First,
                    o => new Floats(o.Second.GetTensorTypeAndShape().Shape, o.Second.GetTensorDataAsSpan<float>().ToArray())
                );
        }
        finally
        {
            foreach (OrtValue value in values.Values)
                value.Dispose();
        }
    }

    /// <summary>The one output for the one input.</summary>
    public static Floats Run(OnnxGraph graph, Floats input) =>
        Run(graph, new Dictionary<string, Floats> { [graph.Inputs[0].Name] = input })[graph.Outputs[0].Name];

    /// <summary>Pseudo-random values from -1 to 1.</summary>
    public static Floats Random(params long[] shape)
    {
        var random = new Random(5);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() * 2 - 1;
        return new Floats(shape, values);
    }
}
