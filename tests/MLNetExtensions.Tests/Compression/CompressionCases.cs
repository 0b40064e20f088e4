using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Data;
using MLNetExtensions.Tests.Onnx;

namespace MLNetExtensions.Tests.Compression;

/// <summary>Small models, rows for them, and what ONNX Runtime makes of a model when it loads it.</summary>
internal static class CompressionCases
{
    /// <summary>Rows of normal numbers in column "x", with classes 1 to 3 in turn in Label.</summary>
    public static IDataView Rows(MLContext ml, int count, int size, int classes = 3, int seed = 1)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        float[] values = OrtRunner.Normal("x", seed, count, size).ToFloats();
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { x = values[(i * size)..((i + 1) * size)], Label = (uint)(i % classes) }), schema);
    }

    /// <summary>The rows as a model reads them.</summary>
    public static ModelRows Read(MLContext ml, OnnxGraph graph, CompressionOptions options, IDataView data) =>
        ModelRows.Read(new CompressionRun(ml, options), new SourceModel(graph, null), data, "test", needsLabels: false);

    /// <summary>The operators of a graph after ONNX Runtime's own optimisation, those of its own domain included.</summary>
    public static string[] Optimised(OnnxGraph graph)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "optimised.onnx");
        using var options = new SessionOptions
        {
            OptimizedModelFilePath = path,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using (new InferenceSession(graph.ToBytes(), options))
            return [.. OnnxGraph.Load(path).Nodes.Select(n => n.OpType)];
    }

    /// <summary>How often each operator is there, as "2 Conv, 1 Relu" in the order of the names.</summary>
    public static string Count(IEnumerable<string> operators) =>
        string.Join(", ", operators.GroupBy(o => o).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));

    internal sealed class Row
    {
#pragma warning disable IDE1006 // The model's input is called so.
        public float[] x { get; set; } = [];
#pragma warning restore IDE1006

        public uint Label { get; set; }
    }
}
