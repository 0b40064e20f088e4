using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Whether memory stays while a million rows are scored.</summary>
internal static class ScoringMemory
{
    private const int Rows = 1_000_000,
        Shown = 100_000;

    /// <summary>
    /// Peak memory of the second half / of the first, in which the garbage collector runs for the first time: until then what rows leave
    /// behind adds up.
    /// </summary>
    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        var pixels = new float[3 * 32 * 32];
        IDataView view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(_ => new Row { Pixels = pixels }));
        OnnxGraph network = new TinyNetwork().Build(outputs: 10, seed: 1);
        using ScoreOnnxTransformer scorer = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = network, Inputs = [new OnnxInput { ColumnName = "Pixels" }] })
            .Fit(view);
        IDataView scored = scorer.Transform(view);
        DataViewSchema.Column output = scored.Schema[^1];
        PeakMemory.Reset();
        double first = 0;
        int rows = 0;
        using (DataViewRowCursor cursor = scored.GetRowCursor([output]))
        {
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(output);
            VBuffer<float> scores = default;
            while (cursor.MoveNext())
            {
                getter(ref scores);
                if (++rows % Shown == 0)
                    Console.WriteLine(
                        $"{rows} rows: {PeakMemory.Now:F0} MiB, {GC.CollectionCount(0)} collections, {GC.GetTotalMemory(false) >> 20} "
                            + $"MiB managed"
                    );
                if (rows == Rows / 2)
                {
                    first = PeakMemory.Peak;
                    PeakMemory.Reset();
                }
            }
        }
        if (rows != Rows)
            throw new InvalidOperationException($"{rows} rows of {Rows} were scored.");
        Console.WriteLine($"peak of the first half {first:F0} MiB, of the second {PeakMemory.Peak:F0} MiB");
        return PeakMemory.Peak / first;
    }

    private sealed class Row
    {
        [VectorType(3, 32, 32)]
        public float[] Pixels { get; set; } = [];
    }
}
