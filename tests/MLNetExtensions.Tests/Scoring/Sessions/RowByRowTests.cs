using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Sessions;

public sealed class RowByRowTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public RowByRowTests() =>
        _ml.Log += (_, e) =>
        {
            if (e.RawMessage.Contains("row by row", StringComparison.Ordinal))
                lock (_warnings)
                    _warnings.Add($"{e.Kind} {e.RawMessage}");
        };

    public static TheoryData<string> Names =>
        [
            .. RowCases
                .All.Where(c =>
                    !c.Operators.Any(op =>
                        op.OpType.StartsWith("Random", StringComparison.Ordinal) || op.OpType is "Bernoulli" or "Multinomial"
                    )
                )
                .Select(c => c.Name),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scores_do_not_depend_on_the_neighbors(string name)
    {
        RowCase tried = RowCases.All.Single(c => c.Name == name);
        OnnxGraph graph = tried.ToGraph();
        float[][] rows = Rows(40, (int)tried.RowShape.Aggregate(1L, (a, b) => a * b));

        float[][] batched = Scores(graph, rows, tried.RowShape, batchSize: null),
            single = Scores(graph, rows, tried.RowShape, batchSize: 1);

        for (int row = 0; row < rows.Length; row++)
            AssertClose(single[row], batched[row], 1e-5);
        // Where it shows in the graph, it is said. The other way round, what is tried may turn out well.
        if (tried.Verdict == RowVerdict.Independent)
            Assert.Empty(_warnings);
    }

    [Fact]
    public void The_mixing_operator_is_named_once()
    {
        OnnxGraph graph = Quantizing();

        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = graph })
            .Fit(View(Rows(3, 4), [4]));
        _ = transformer.Transform(View(Rows(30, 4), [4])).GetColumn<float[]>("y").ToArray();
        _ = transformer.Transform(View(Rows(30, 4), [4])).GetColumn<float[]>("y").ToArray();

        Assert.Equal(
            [
                "Warning The model the graph 'graph' is scored row by row, which is slower: DynamicQuantizeLinear 'q' takes one range "
                    + "for all rows, so that in a batch a row's scores would "
                    + "depend on the rows beside it.",
            ],
            _warnings
        );
    }

    [Fact]
    public void A_model_of_a_fixed_batch_gets_the_same_row_often_enough()
    {
        OnnxGraph graph = Quantizing();
        OnnxGraph eight = graph with
        {
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 8, 4)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, 8, 4)],
        };
        float[][] rows = Rows(20, 4);

        float[][] expected = Scores(graph, rows, [4], batchSize: 1);

        Assert.Equal(expected, Scores(eight, rows, [4], batchSize: null));
        Assert.Single(_warnings);
    }

    [Fact]
    public void Rows_of_a_fixed_batch_that_are_independent_stay_together()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, 8, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, 8, 4)],
            [OnnxNode.Create("Softmax", ["x"], ["y"])]
        );
        float[][] rows = Rows(20, 4);

        float[][] scores = Scores(graph, rows, [4], batchSize: null);

        Assert.Equal(20, scores.Length);
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_cannot_be_followed_is_tried()
    {
        // A body hides its nodes from the walk, not from the trial.
        OnnxGraph mixing = RowCases.All.Single(c => c.Name == "Concat of batches").ToGraph(),
            harmless = RowCases.All.Single(c => c.Name == "operator that is not known").ToGraph();

        _ = Scores(harmless, Rows(5, 24), [4, 6], batchSize: null);
        Assert.Empty(_warnings);
        _ = Scores(mixing, Rows(5, 24), [4, 6], batchSize: null);
        Assert.Contains("Concat 'Concat1' joins batches", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_is_looked_into_without_its_weights()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [
                OnnxNode.Create("MatMul", ["x", "wide"], ["w"]),
                OnnxNode.Create("MatMul", ["w", "back"], ["b"]),
                OnnxNode.Create("DynamicQuantizeLinear", ["b"], ["q", "s", "z"]),
                OnnxNode.Create("DequantizeLinear", ["q", "s", "z"], ["y"]),
            ],
            DrawnTensor.Normal("wide", 1, 4, 2000),
            DrawnTensor.Normal("back", 2, 2000, 4)
        );
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        graph.Save(path);
        try
        {
            OnnxGraph outline = MLNetExtensions.Sessions.OnnxModelSource.FromFile(path).ReadOutline();

            Assert.Equal(graph.Nodes.Select(n => n.ToString()), outline.Nodes.Select(n => n.ToString()));
            Assert.Equal([4, 2000], outline.Initializers["wide"].Shape);
            Assert.True(outline.Initializers["wide"].RawData.IsEmpty);
            float[][] rows = Rows(9, 4);
            AssertClose(Scores(graph, rows, [4], 1)[3], Scores(null, rows, [4], null, path)[3], 1e-5);
            Assert.Single(_warnings);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static OnnxGraph Quantizing() =>
        SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [OnnxNode.Create("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]), OnnxNode.Create("DequantizeLinear", ["q", "s", "z"], ["y"])]
        );

    private float[][] Scores(OnnxGraph? graph, float[][] rows, long[] shape, int? batchSize, string? path = null)
    {
        IDataView view = View(rows, shape);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = graph,
                    ModelFile = path,
                    BatchSize = batchSize,
                }
            )
            .Fit(view);
        IDataView scored = transformer.Transform(view);
        return scored.Schema["y"].Type is VectorDataViewType
            ? [.. scored.GetColumn<VBuffer<float>>(scored.Schema["y"]).Select(v => v.DenseValues().ToArray())]
            : [.. scored.GetColumn<float>("y").Select(v => new[] { v })];
    }

    private IDataView View(float[][] rows, long[] shape)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions: shape.Select(size => (int)size).ToArray());
        return _ml.Data.LoadFromEnumerable(rows.Select(x => new Row { X = x }), schema);
    }

    /// <summary>Rows of different ranges.</summary>
    private static float[][] Rows(int count, int length) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(row => DrawnTensor.Normal("", row, length).ToFloats().Select(v => v * (1 + (row % 7))).ToArray()),
        ];

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * scale,
                $"value {i}: {expected[i]} alone, {actual[i]} in a batch"
            );
    }

    private sealed class Row
    {
        [ColumnName("x")]
        public float[] X { get; set; } = [];
    }
}
