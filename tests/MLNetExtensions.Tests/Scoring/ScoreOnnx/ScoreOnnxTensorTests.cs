using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Data;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

public sealed class ScoreOnnxTensorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Several_inputs_and_outputs_become_values_and_vectors()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 100)
                .Select(i => new Row
                {
                    A = [i, i + 1, -i],
                    B = i / 2f,
                    Id = i,
                })
        );
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several()).Fit(view);

        Result[] results = [.. _ml.Data.CreateEnumerable<Result>(transformer.Transform(view), reuseRowObject: false)];

        Assert.Equal(Enumerable.Range(0, 100), results.Select(r => r.Id));
        Assert.All(
            results,
            r =>
            {
                float b = r.Id / 2f;
                float[] y = [(2 * r.Id) + b, (2 * (r.Id + 1)) + b, (-2 * r.Id) + b];
                Assert.Equal(y, r.Y);
                Assert.Equal(y.Sum(), r.Sum);
                Assert.Equal(1, r.Largest);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_that_both_sides_have_goes_through(OnnxElementType type, DataViewType item, object rows)
    {
        IDataView view = _ml.Data.LoadFromEnumerable((dynamic)rows);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = SmallModels.Identity(type, -1, 2) })
            .Fit(view);

        IDataView scored = transformer.Transform(view);

        Assert.Equal(new VectorDataViewType((PrimitiveDataViewType)item, 2), scored.Schema["y"].Type);
        Assert.Equal(Texts(scored, "x"), Texts(scored, "y"));
    }

    public static IEnumerable<TheoryDataRow<OnnxElementType, DataViewType, object>> Types() =>
        [
            new(OnnxElementType.Float, NumberDataViewType.Single, Rows<float>([1.5f, float.NaN], [-2, float.PositiveInfinity])),
            new(OnnxElementType.Double, NumberDataViewType.Double, Rows<double>([1e300, 2], [double.NaN, 0])),
            new(OnnxElementType.Float16, NumberDataViewType.Single, Rows<float>([0.5f, -1024], [2, 3])),
            new(OnnxElementType.Int8, NumberDataViewType.SByte, Rows<sbyte>([-128, 127], [1, 2])),
            new(OnnxElementType.Int16, NumberDataViewType.Int16, Rows<short>([-300, 300], [1, 2])),
            new(OnnxElementType.Int32, NumberDataViewType.Int32, Rows<int>([int.MinValue, 7], [1, 2])),
            new(OnnxElementType.Int64, NumberDataViewType.Int64, Rows<long>([long.MaxValue, 7], [1, 2])),
            new(OnnxElementType.UInt8, NumberDataViewType.Byte, Rows<byte>([255, 0], [1, 2])),
            new(OnnxElementType.UInt16, NumberDataViewType.UInt16, Rows<ushort>([65535, 0], [1, 2])),
            new(OnnxElementType.UInt32, NumberDataViewType.UInt32, Rows<uint>([uint.MaxValue, 0], [1, 2])),
            new(OnnxElementType.UInt64, NumberDataViewType.UInt64, Rows<ulong>([ulong.MaxValue, 0], [1, 2])),
            new(OnnxElementType.Bool, BooleanDataViewType.Instance, Rows<bool>([true, false], [false, false])),
            new(OnnxElementType.String, TextDataViewType.Instance, Rows<string>(["Größe", ""], ["a b", "c"])),
        ];

    // Batches of one row take the very array that a column's getter fills: with getters that fill it, that bring one of their own, and that
    // give sparse rows.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void Rows_stay_their_own_in_batches_of_one_row(int batchSize)
    {
        const int Length = 40;
        IDataView filled = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 50).Select(i => new Vector { X = [.. Enumerable.Range(0, Length).Select(j => (float)(i * Length) + j)] })
        );
        IDataView sparse = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 50)
                .Select(i => new SparseVector
                {
                    X =
                        i % 3 == 0
                            ? new VBuffer<float>(Length, 1, [i + 1f], [i % Length])
                            : new VBuffer<float>(Length, [.. Enumerable.Range(0, Length).Select(j => (float)i - j)]),
                })
        );
        foreach (
            IDataView view in (IDataView[])
                [
                    filled,
                    sparse,
                    _ml.Data.Cache(filled),
                    _ml.Data.Cache(sparse),
                    _ml.Transforms.CopyColumns("x", "x").Fit(sparse).Transform(sparse),
                ]
        )
        {
            float[][] before = Values(view, "x");
            using ScoreOnnxTransformer transformer = _ml
                .Transforms.ScoreOnnx(
                    new ScoreOnnxOptions { Model = SmallModels.Identity(OnnxElementType.Float, -1, Length), BatchSize = batchSize }
                )
                .Fit(view);
            IDataView scored = transformer.Transform(view);

            Assert.Equal(before, Values(scored, "y"));
            Assert.Equal(before, Values(view, "x"));
        }

        static float[][] Values(IDataView view, string column) =>
            [.. view.GetColumn<VBuffer<float>>(column).Select(v => v.DenseValues().ToArray())];
    }

    [Fact]
    public void Scalars_of_models_without_dimensions_are_run_row_by_row()
    {
        OnnxGraph model = SmallModels.Identity(OnnxElementType.Int32);
        IDataView view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Value<int> { X = i }));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model }).Fit(view);

        Assert.Equal(Enumerable.Range(0, 20), transformer.Transform(view).GetColumn<int>("y"));
    }

    [Fact]
    public void The_batch_may_be_another_dimension_than_the_first()
    {
        // y [2, batch, 2] = x [2, batch, 3] without its last element.
        OnnxGraph model = SmallModels.Create(
            [new OnnxValue("x", OnnxElementType.Float, [new(2), new(null, "batch"), new(3)])],
            [new OnnxValue("y", OnnxElementType.Float, [new(2), new(null, "batch"), new(2)])],
            [OnnxNode.Create("Slice", ["x", "start", "end", "axis"], ["y"])],
            OnnxTensor.FromInt64s("start", [1], [0]),
            OnnxTensor.FromInt64s("end", [1], [2]),
            OnnxTensor.FromInt64s("axis", [1], [2])
        );
        IDataView view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Six { X = [i, 1, 2, 3, -i, 5] }));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model, BatchSize = 16 }).Fit(view);

        float[][] results = [.. transformer.Transform(view).GetColumn<float[]>("y")];

        for (int i = 0; i < 50; i++)
            Assert.Equal([i, 1, 3, -i], results[i]);
    }

    [Theory]
    [InlineData(4, 10)]
    [InlineData(4, 8)]
    [InlineData(1, 5)]
    public void Fixed_batches_are_filled_up(int batch, int rows)
    {
        IDataView view = Rows(rows);
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, batch, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, batch, 3)],
            [OnnxNode.Create("Neg", ["A"], ["y"])]
        );
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model }).Fit(view);

        float[][] results = [.. transformer.Transform(view).GetColumn<float[]>("y")];

        Assert.Equal(Enumerable.Range(0, rows).Select(i => -(float)i), results.Select(r => r[0]));
        using PredictionEngine<Row, Negative> engine = _ml.Model.CreatePredictionEngine<Row, Negative>(transformer, view.Schema);
        Assert.Equal([-5f, -1, -2], engine.Predict(new Row { A = [5, 1, 2] }).Y);
    }

    [Fact]
    public void Models_whose_output_is_not_row_by_row_are_run_on_one_row()
    {
        // y = x - mean(x): a batch would mix the rows.
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("mean", OnnxElementType.Float, 1, 1)],
            [OnnxNode.Create("ReduceMean", ["A"], ["mean"])]
        );
        IDataView view = Rows(9);
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model }).Fit(view);

        Assert.Equal(
            Enumerable.Range(0, 9).Select(i => (i + 3f) / 3),
            transformer.Transform(view).GetColumn<float[]>("mean").Select(m => Assert.Single(m))
        );
    }

    [Fact]
    public void Rows_may_differ_in_length()
    {
        OnnxGraph model = SmallModels.Create(
            [new OnnxValue("x", OnnxElementType.Int64, [new(null, "batch"), new(null, "length")])],
            [
                OnnxValue.Create("sum", OnnxElementType.Int64, -1, 1),
                new OnnxValue("twice", OnnxElementType.Int64, [new(null, "batch"), new(null, "length")]),
            ],
            [OnnxNode.Create("ReduceSum", ["x", "axes"], ["sum"]), OnnxNode.Create("Add", ["x", "x"], ["twice"])],
            OnnxTensor.FromInt64s("axes", [1], [1])
        );
        long[][] rows = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, 1 + (i / 7 % 3)).Select(k => (long)(i + k)).ToArray())];
        IDataView view = _ml.Data.LoadFromEnumerable(rows.Select(x => new Any<long> { X = x }));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model }).Fit(view);

        IDataView scored = transformer.Transform(view);

        Assert.Equal(rows.Select(r => r.Sum()), scored.GetColumn<long[]>("sum").Select(s => Assert.Single(s)));
        Assert.Equal(rows.Select(r => r.Select(x => 2 * x).ToArray()), scored.GetColumn<long[]>("twice"));
    }

    [Fact]
    public void Inner_values_can_be_outputs()
    {
        IDataView view = Rows(3);
        ScoreOnnxOptions options = Several();
        options.Outputs = [new OnnxOutput { Name = "doubled", ColumnName = "Doubled" }];
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(options).Fit(view);

        Assert.Equal(
            [
                [0, 2, 4],
                [2, 2, 4],
                [4, 2, 4],
            ],
            transformer.Transform(view).GetColumn<float[]>("Doubled")
        );
    }

    [Fact]
    public void Order_and_pairing_are_kept_behind_filters_shuffles_and_takes()
    {
        IDataView view = Rows(200);
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several()).Fit(view);
        IDataView shuffled = _ml.Data.ShuffleRows(_ml.Data.Cache(view), seed: 3);
        IDataView scored = _ml.Data.TakeRows(
            _ml.Data.FilterRowsByColumn(
                _ml.Data.SkipRows(_ml.Data.ShuffleRows(transformer.Transform(shuffled), seed: 5), 10),
                "sum",
                lowerBound: 100
            ),
            50
        );

        Result[] results = [.. _ml.Data.CreateEnumerable<Result>(scored, reuseRowObject: false)];

        Assert.Equal(50, results.Length);
        Assert.NotEqual(results.Select(r => r.Id).Order(), results.Select(r => r.Id));
        Assert.All(results, r => Assert.Equal(((2 * r.Id) + 6) + (3 * 0.5f), r.Sum));
    }

    [Fact]
    public void Nothing_is_read_that_nobody_asks_for()
    {
        var counted = new CountingView(Rows(500));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several()).Fit(counted);
        IDataView scored = transformer.Transform(counted);
        Assert.Equal(0, counted.RowsRead);

        Assert.Equal(500, scored.GetColumn<int>("Id").Count());
        Assert.Equal(501, counted.RowsRead);
        Assert.Equal(500, scored.GetColumn<float>("sum").Count());
        Assert.Equal(501 + 501, counted.RowsRead);
        Assert.Equal(0, counted.OpenCursors);
    }

    [Fact]
    public void A_cursor_that_is_left_stops_its_threads()
    {
        var counted = new CountingView(Rows(100_000));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several()).Fit(counted);

        Assert.Equal(3, transformer.Transform(counted).GetColumn<float>("sum").Take(3).Count());

        Assert.Equal(0, counted.OpenCursors);
        Assert.InRange(counted.RowsRead, 3, 2_000);
    }

    [Fact]
    public void Errors_of_the_data_come_at_their_row()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Failing());
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several()).Fit(view);
        var seen = new List<float>();

        var error = Assert.Throws<InvalidOperationException>(() =>
            seen.AddRange(transformer.Transform(view).GetColumn<float>("sum").Select(s => s))
        );

        Assert.Contains("Reading row 7 of the data failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is gone", error.Message, StringComparison.Ordinal);

        static IEnumerable<Row> Failing()
        {
            for (int i = 0; i < 7; i++)
                yield return new Row { A = [i, 1, 2] };
            throw new IOException("the disk is gone");
        }
    }

    [Fact]
    public void One_PredictionEngine_for_each_thread_shares_the_model()
    {
        using OnnxSession session = Open(SmallModels.SeveralValues());
        IDataView view = Rows(1);
        ScoreOnnxTransformer[] transformers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ => _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Session = session, Inputs = Several().Inputs }).Fit(view)),
        ];

        Parallel.ForEach(
            transformers,
            transformer =>
            {
                using PredictionEngine<Row, Result> engine = _ml.Model.CreatePredictionEngine<Row, Result>(transformer, view.Schema);
                for (int i = 0; i < 200; i++)
                    Assert.Equal((2 * i) + 6 + 3, engine.Predict(new Row { A = [i, 1, 2], B = 1 }).Sum);
            }
        );

        Assert.Equal("a", session.Inputs[0].Name);
    }

    internal static ScoreOnnxOptions Several() =>
        new()
        {
            Model = SmallModels.SeveralValues(),
            Inputs = [new OnnxInput { Name = "a", ColumnName = "A" }, new OnnxInput { Name = "b", ColumnName = "B" }],
        };

    private IDataView Rows(int count) =>
        _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, count)
                .Select(i => new Row
                {
                    A = [i, 1, 2],
                    B = 0.5f,
                    Id = i,
                })
        );

    private OnnxSession Open(OnnxGraph model)
    {
        using var folder = new TemporaryFolder();
        return _ml.Model.OpenOnnx(folder.Add("model.onnx", model.ToBytes()));
    }

    private static IEnumerable<Two<T>> Rows<T>(params T[][] rows) => rows.Select(x => new Two<T> { X = x });

    private static List<string> Texts(IDataView view, string column) =>
        [.. view.Preview().RowView.Select(row => row.Values.First(v => v.Key == column).Value.ToString()!)];

    internal sealed class Row
    {
        [VectorType(3)]
        public float[] A { get; set; } = [];

        public float B { get; set; }

        public int Id { get; set; }
    }

    internal sealed class Result
    {
        public int Id { get; set; }

        [ColumnName("y")]
        public float[] Y { get; set; } = [];

        [ColumnName("sum")]
        public float Sum { get; set; }

        [ColumnName("largest")]
        public long Largest { get; set; }
    }

    private sealed class Negative
    {
        [ColumnName("y")]
        public float[] Y { get; set; } = [];
    }

    private sealed class Two<T>
    {
        [VectorType(2), ColumnName("x")]
        public T[] X { get; set; } = [];
    }

    private sealed class Six
    {
        [VectorType(2, 3), ColumnName("x")]
        public float[] X { get; set; } = [];
    }

    private sealed class Any<T>
    {
        [VectorType, ColumnName("x")]
        public T[] X { get; set; } = [];
    }

    private sealed class Value<T>
    {
        [ColumnName("x")]
        public T X { get; set; } = default!;
    }

    private sealed class Vector
    {
        [VectorType(40)]
        [ColumnName("x")]
        public float[] X { get; set; } = [];
    }

    private sealed class SparseVector
    {
        [VectorType(40)]
        [ColumnName("x")]
        public VBuffer<float> X { get; set; }
    }
}
