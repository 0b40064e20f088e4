using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public class WorkerShareTests
{
    [Theory]
    [InlineData(7, 3)]
    [InlineData(6, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 1)]
    public void Every_row_is_dealt_to_one_worker_and_its_output_comes_back_to_its_place(int rows, int workers)
    {
        int[] all = [.. Enumerable.Range(0, rows).Select(i => 100 + i)];
        float[] outputs = new float[2 * rows];
        int dealt = 0;
        for (int worker = 0; worker < workers; worker++)
        {
            var share = new WorkerShare(new OneOf(workers, worker));
            int[] own = new int[share.LargestOf(rows)];
            int count = share.Deal(all, own);
            dealt += count;
            share.Scatter([.. own[..count].SelectMany(row => new float[] { row, -row })], 2, outputs);
        }
        Assert.Equal(rows, dealt);
        Assert.Equal(all.SelectMany(row => new float[] { row, -row }), outputs);
    }

    [Fact]
    public void A_worker_without_a_row_of_a_step_stands_in_with_one_of_no_weight()
    {
        using var rows = new NumberedRows(5);
        using var reader = new BatchReader(
            rows,
            new ClassTargets([0, 1, 0, 1, 0], 2, new CrossEntropy()),
            batchSize: 4,
            new WorkerShare(new OneOf(2, 1))
        );
        reader.Start(new[] { 4, 3, 2, 1, 0 }, RowView.Plain);
        ReadBatch first = reader.Next()!.Value;
        Assert.Equal(([3, 1], 4, false, 2f), (first.Rows.ToArray(), first.Total, first.IsPadding, first.Batch.TargetWeight), Same);
        ReadBatch last = reader.Next()!.Value;
        Assert.Equal(([0], 1, true, 0f), (last.Rows.ToArray(), last.Total, last.IsPadding, last.Batch.TargetWeight), Same);
        Assert.Null(reader.Next());

        static bool Same((int[] Rows, int, bool, float) a, (int[] Rows, int, bool, float) b) =>
            a.Rows.SequenceEqual(b.Rows) && (a.Item2, a.Item3, a.Item4) == (b.Item2, b.Item3, b.Item4);
    }

    [Fact]
    public void Many_values_are_summed_in_pieces()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 18) + 3).Select(i => (float)i)];
        new WorkerShare(new OneOf(3, 0)).AllReduceSum(values);
        Assert.All(values.Select((value, i) => (value, i)), v => Assert.Equal(3f * v.i, v.value));
        new WorkerShare().AllReduceSum(values);
        Assert.Equal(3f, values[1]);
    }

    /// <summary>A worker whose others have the same values.</summary>
    private sealed class OneOf(int workers, int worker) : IWorkers
    {
        public int WorldSize => workers;

        public int Rank => worker;

        public void AllReduceSum(Span<double> values)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] *= workers;
        }

        public void CheckEqual(IReadOnlyDictionary<string, string> settings) { }

        public void Dispose() { }
    }
}
