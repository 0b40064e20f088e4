using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

[Collection(Alone.Name)]
public sealed class ScoreOnnxMemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void MemoryDoesNotGrowWithTheRows()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(100_000));
        using ScoreOnnxTransformer transformer = _ml.Vision().ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(view);
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

    [Fact]
    public void TransformersThatAreDisposedLeaveNothing()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Rows(10));
        Round();
        long before = Held();
        for (int i = 0; i < 50; i++)
            Round();

        Assert.InRange(Held() - before, long.MinValue, 3 << 20);

        void Round()
        {
            using ScoreOnnxTransformer transformer = _ml.Vision().ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(view);
            Assert.Equal(10, transformer.Transform(view).GetColumn<float>("sum").Count());
        }
    }

    private static IEnumerable<ScoreOnnxTensorTests.Row> Rows(int count) => Enumerable.Range(0, count).Select(i => new ScoreOnnxTensorTests.Row { A = [i, 1, 2] });

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);
}
