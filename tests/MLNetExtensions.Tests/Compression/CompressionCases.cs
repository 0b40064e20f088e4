using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

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
        float[] values = DrawnTensor.Normal("x", seed, count, size).ToFloats();
        return ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, count).Select(i => new Row { x = values[(i * size)..((i + 1) * size)], Label = (uint)(i % classes) }),
            schema
        );
    }

    /// <summary>The rows as a model reads them.</summary>
    public static ModelRows Read(MLContext ml, OnnxGraph graph, CompressionOptions options, IDataView data) =>
        ModelRows.Read(new CompressionRun(ml, options), new SourceModel(graph, null), data, "test", needsLabels: false);

    /// <summary>The operators of a graph after ONNX Runtime's own optimization, those of its own domain included.</summary>
    public static string[] Optimized(OnnxGraph graph)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "optimized.onnx");
        using var options = new SessionOptions
        {
            OptimizedModelFilePath = path,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using (new InferenceSession(graph.ToBytes(), options))
            return [.. OnnxGraph.Load(path).Nodes.Select(n => n.OpType)];
    }

    /// <summary>
    /// Checks that no two products of an unsigned activation and a weight of the same output are together beyond 16 bits, which is where
    /// x64 processors without VNNI add them. Any two: which they add depends on the kernel.
    /// </summary>
    public static void AssertFitsIn16Bits(OnnxGraph graph)
    {
        int checkedLayers = 0;
        foreach (OnnxNode layer in graph.Nodes.Where(n => n.OpType is "Conv" or "Gemm" or "MatMul" or "MatMulInteger"))
        {
            if (WeightOf(layer) is not { ElementType: OnnxElementType.Int8 } weight)
                continue;
            checkedLayers++;
            long[] numbers = weight.ToInt64s();
            bool isLast = layer.OpType != "Conv" && layer.Int("transB", 0) == 0;
            int channels = (int)weight.Shape[isLast ? 1 : 0];
            for (int c = 0; c < channels; c++)
            {
                long[] own = isLast
                    ? [.. numbers.Where((_, i) => i % channels == c)]
                    : numbers[(c * numbers.Length / channels)..((c + 1) * numbers.Length / channels)];
                Assert.InRange(255 * own.OrderDescending().Take(2).Where(n => n > 0).Sum(), 0, short.MaxValue);
                Assert.InRange(255 * own.Order().Take(2).Where(n => n < 0).Sum(), short.MinValue, 0);
            }
        }
        Assert.True(checkedLayers > 0);

        OnnxTensor? WeightOf(OnnxNode layer) =>
            graph.Initializers.GetValueOrDefault(layer.Inputs[1])
            ?? (
                graph.ProducerOf(layer.Inputs[1]) is { OpType: "DequantizeLinear" } rounded
                    ? graph.Initializers.GetValueOrDefault(rounded.Inputs[0])
                    : null
            );
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
