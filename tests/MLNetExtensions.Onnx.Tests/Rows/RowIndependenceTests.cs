using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Rows;

public sealed class RowIndependenceTests
{
    private const int Rows = 3;

    public static TheoryData<string> Names => [.. RowCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_found_is_what_ONNX_Runtime_does(string name)
    {
        RowCase tried = RowCases.All.Single(c => c.Name == name);

        RowFinding found = RowIndependence.Find(tried.ToGraph());

        Assert.True(tried.Verdict == found.Verdict, $"found {found}");
        bool? isSame = ScoresAlike(tried);
        if (tried.Verdict != RowVerdict.Unknown)
            Assert.Equal(tried.Verdict == RowVerdict.Independent, isSame);
        if (found.Verdict == RowVerdict.Dependent)
            Assert.Contains(tried.Operators, op => found.Why.Contains(op.OpType, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_known_operator_is_tried()
    {
        HashSet<(string, string)> tried = [.. RowCases.All.SelectMany(c => c.Operators), .. NotTried];

        Assert.DoesNotContain(RowIndependence.Operators, op => !tried.Contains(op));
    }

    [Fact]
    public void The_first_mixing_node_is_named()
    {
        OnnxGraph graph = new RowCase(
            "",
            RowVerdict.Dependent,
            [4],
            [
                OnnxNode.Create("Relu", ["x"], ["r"]),
                OnnxNode.Create("DynamicQuantizeLinear", ["r"], ["q", "s", "z"]),
                OnnxNode.Create("DequantizeLinear", ["q", "s", "z"], ["out"]),
            ]
        ).ToGraph();

        Assert.Equal(
            new RowFinding(RowVerdict.Dependent, "DynamicQuantizeLinear 'DynamicQuantizeLinear1' takes one range for all rows"),
            RowIndependence.Find(graph)
        );
    }

    [Fact]
    public void What_is_not_asked_for_does_not_matter()
    {
        OnnxGraph graph = new RowCase(
            "",
            RowVerdict.Independent,
            [4],
            [OnnxNode.Create("Relu", ["x"], ["out"]), OnnxNode.Create("Softmax", ["x"], ["mixed"], OnnxAttribute.Of("axis", 0L))]
        ).ToGraph();
        graph = graph with { Outputs = [.. graph.Outputs, new OnnxValue("mixed", OnnxElementType.Float, null)] };

        Assert.True(RowIndependence.Find(graph, [new RowInput("x", 0, [-1, 4])], ["y"]).IsIndependent);
        Assert.Equal(RowVerdict.Dependent, RowIndependence.Find(graph, [new RowInput("x", 0, [-1, 4])], ["mixed"]).Verdict);
    }

    /// <summary>ONNX Runtime's CPU provider has no kernel for these, or only in models that it makes itself.</summary>
    private static (string Domain, string OpType)[] NotTried =>
        [
            ("", "RMSNormalization"),
            ("", "Swish"),
            ("", "Attention"),
            ("", "RotaryEmbedding"),
            ("com.microsoft", "QAttention"),
            ("ai.onnx.ml", "CategoryMapper"),
            ("ai.onnx.ml", "LinearClassifier"),
            ("ai.onnx.ml", "OneHotEncoder"),
            ("ai.onnx.ml", "SVMClassifier"),
            ("ai.onnx.ml", "SVMRegressor"),
            ("ai.onnx.ml", "TreeEnsemble"),
            ("ai.onnx.ml", "TreeEnsembleClassifier"),
            ("ai.onnx.ml", "TreeEnsembleRegressor"),
        ];

    /// <summary>Whether rows come out of a batch as they do alone; null where there is no such batch.</summary>
    private static bool? ScoresAlike(RowCase tried)
    {
        int length = (int)tried.RowShape.Aggregate(1L, (a, b) => a * b);
        float[] values = DrawnTensor.Normal("", seed: 5, Rows, length).ToFloats();
        // Rows of different ranges.
        for (int i = 0; i < values.Length; i++)
            values[i] *= 1 + (i / length);
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(tried.ToGraph().ToBytes(), options);
        if (Run(0, Rows) is not { } batch || batch.Length % Rows != 0)
            return null;
        int width = batch.Length / Rows;
        for (int row = 0; row < Rows; row++)
        {
            float[] alone = Run(row, 1)!,
                beside = batch[(row * width)..((row + 1) * width)];
            double scale = alone.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            if (
                alone.Length != width
                || !alone
                    .Zip(beside)
                    .All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= 1e-5 * Math.Max(1, scale))
            )
                return false;
        }
        return true;

        float[]? Run(int from, int count)
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                values.AsMemory(from * length, count * length),
                [count, .. tried.RowShape]
            );
            using var run = new RunOptions();
            try
            {
                using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["x"], [input], ["y"]);
                return outputs[0].GetTensorDataAsSpan<float>().ToArray();
            }
            catch (OnnxRuntimeException) when (count > 1 && tried.Verdict == RowVerdict.Unknown)
            {
                return null;
            }
        }
    }
}
