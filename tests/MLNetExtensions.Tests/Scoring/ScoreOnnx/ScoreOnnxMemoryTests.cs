using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Sessions;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

[Collection(Alone.Name)]
public sealed class ScoreOnnxMemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_does_not_grow_with_the_rows(bool ioBinding)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(100_000));
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several(ioBinding)).Fit(view);
        IDataView scored = transformer.Transform(view);
        DataViewSchema.Column sum = scored.Schema["sum"];
        long after10 = 0;
        int rows = 0;
        using (DataViewRowCursor cursor = scored.GetRowCursor([sum]))
        {
            ValueGetter<float> getter = cursor.GetGetter<float>(sum);
            float value = 0;
            while (cursor.MoveNext())
            {
                getter(ref value);
                if (++rows == 10_000)
                    after10 = Held();
            }
        }

        Assert.Equal(100_000, rows);
        Assert.InRange(Held() - after10, long.MinValue, 4 << 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transformers_that_are_disposed_leave_nothing(bool ioBinding)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(10));
        Round();
        long before = Held();
        for (int i = 0; i < 50; i++)
            Round();

        Assert.InRange(Held() - before, long.MinValue, 3 << 20);

        void Round()
        {
            using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(Several(ioBinding)).Fit(view);
            Assert.Equal(10, transformer.Transform(view).GetColumn<float>("sum").Count());
        }
    }

    [Fact]
    public void Sessions_that_are_disposed_leave_no_native_memory()
    {
        // 4 MB of weights: 200 of them kept would be 800 MB.
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 1 << 18)],
            [OnnxNode.Create("MatMul", ["A", "w"], ["y"])],
            OnnxTensor.FromFloats("w", [3, 1 << 18], new float[3 << 18])
        );
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(3));
        Open(20);
        long memory = Resident();

        Open(200);

        Assert.InRange(Resident() - memory, long.MinValue, 80L << 20);

        void Open(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using ScoreOnnxTransformer transformer = _ml
                    .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = graph, Inputs = [new OnnxInput { ColumnName = "A" }] })
                    .Fit(view);
                Assert.Equal(3, transformer.Transform(view).GetColumn<float[]>("y").Count());
            }
        }
    }

    [Fact]
    public void Bound_batches_that_are_disposed_leave_no_native_memory()
    {
        // Outputs of 8 MB a cursor: 100 of them kept would be 800 MB.
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 1 << 20)],
            [OnnxNode.Create("MatMul", ["A", "w"], ["y"])],
            OnnxTensor.FromFloats("w", [3, 1 << 20], new float[3 << 20])
        );
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(2));
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = graph,
                    Inputs = [new OnnxInput { ColumnName = "A" }],
                    SessionSettings = new OnnxSessionSettings { IoBinding = true },
                }
            )
            .Fit(view);
        Score(20);
        long memory = Resident();

        Score(100);

        Assert.InRange(Resident() - memory, long.MinValue, 80L << 20);

        void Score(int times)
        {
            for (int i = 0; i < times; i++)
                Assert.Equal(2, transformer.Transform(view).GetColumn<float[]>("y").Count());
        }
    }

    private static ScoreOnnxOptions Several(bool ioBinding)
    {
        ScoreOnnxOptions options = ScoreOnnxTensorTests.Several();
        options.SessionSettings.IoBinding = ioBinding;
        return options;
    }

    private static IEnumerable<ScoreOnnxTensorTests.Row> Rows(int count) =>
        Enumerable.Range(0, count).Select(i => new ScoreOnnxTensorTests.Row { A = [i, 1, 2] });

    /// <summary>The process's memory without what .NET keeps for objects to come, which was once 84 MB.</summary>
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);
}
