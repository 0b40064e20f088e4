using Google.Protobuf;
using MLNetExtensions.Training.TensorBoard;
using MLNetExtensions.Training.TensorBoard.Proto;
using Xunit;

namespace MLNetExtensions.Tests.Training.TensorBoard;

public sealed class HistogramBucketsTests
{
    [Fact]
    public void Counts_as_TensorFlow_byte_for_byte()
    {
        var summary = new Summary();
        summary.Value.Add(new Summary.Types.Value { Tag = "h", Histo = HistogramBuckets.Count(TensorFlowReference.Values) });
        Assert.Equal(TensorFlowReference.HistogramSummary, summary.ToByteArray());
    }

    [Fact]
    public void Every_bucket_is_found_and_holds_its_lower_limit()
    {
        Assert.Equal(1551, HistogramBuckets.LimitCount);
        var random = new Random(1);
        double[] values =
        [
            .. Enumerable.Range(0, 20_000).Select(_ => Math.Pow(10, (random.NextDouble() * 40) - 16) * (random.Next(2) == 0 ? 1 : -1)),
        ];
        Array.Sort(values);
        int last = 0;
        foreach (double value in values)
        {
            int bucket = HistogramBuckets.BucketOf(value);
            Assert.True(bucket >= last, $"{value} is in a bucket below that of a smaller value");
            last = bucket;
        }
        HistogramProto ones = HistogramBuckets.Count([1, 1, 1]);
        Assert.Equal(3, ones.Bucket[1]);
        Assert.True(ones.BucketLimit[0] <= 1 && ones.BucketLimit[1] > 1);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_left_out_and_none_at_all_are_an_empty_histogram()
    {
        HistogramProto histogram = HistogramBuckets.Count([float.NaN, 2, float.PositiveInfinity, float.NegativeInfinity]);
        Assert.Equal(3, histogram.Num);
        Assert.Equal(3, histogram.Bucket.Sum());
        Assert.Equal((-double.MaxValue, double.MaxValue), (histogram.Min, histogram.Max));
        HistogramProto empty = HistogramBuckets.Count([]);
        Assert.Equal((0, 0, 0), (empty.Num, empty.Min, empty.Max));
        Assert.Equal(0, Assert.Single(empty.Bucket));
    }
}
