using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Quantization.Calibration;

public sealed class CalibrationTests
{
    /// <summary>Normal numbers and one that is far away.</summary>
    private static readonly float[] Outlier = [.. DrawnTensor.Normal("x", 1, 20000).ToFloats(), 100];

    [Fact]
    public void Min_max_takes_all()
    {
        ValueRange range = Choose(new MinMaxCalibration(), Outlier);
        Assert.Equal(100, range.High);
        Assert.Equal(Outlier.Min(), range.Low);
    }

    [Fact]
    public void A_percentile_leaves_as_many_values_outside_as_it_says()
    {
        float[] values = [.. Enumerable.Range(1, 10000).Select(i => (float)i)];
        ValueRange range = Choose(new PercentileCalibration(99), values);
        Assert.InRange(range.High, 9895, 9905);
        ValueRange both = Choose(new PercentileCalibration(90), [.. values, .. values.Select(v => -v)]);
        Assert.InRange(both.High, 7990, 8010);
        Assert.InRange(both.Low, -8010, -7990);
    }

    [Theory]
    [InlineData(QuantizedType.UInt8)]
    [InlineData(QuantizedType.Int8)]
    [InlineData(QuantizedType.SymmetricInt8)]
    public void The_squared_error_of_the_chosen_range_is_the_least_of_all_tried(QuantizedType type)
    {
        ValueRange best = Choose(new MeanSquaredErrorCalibration(), Outlier, type);
        double least = Error(best);
        Assert.True(best.High < 100);
        for (float share = 0.1f; share <= 1; share += 0.05f)
            Assert.True(least <= 1.02 * Error(new ValueRange(Outlier.Min() * share, 100 * share)), $"a share of {share} is better");

        double Error(ValueRange range)
        {
            QuantizationParameters parameters = QuantizationParameters.Of(range, type);
            return Outlier.Sum(v => Math.Pow(v - parameters.Round(v), 2));
        }
    }

    [Fact]
    public void Entropy_cuts_an_outlier_off_and_keeps_an_even_distribution()
    {
        Assert.InRange(Choose(new EntropyCalibration(), Outlier).High, 2, 50);
        var random = new Random(1);
        float[] even = [.. Enumerable.Range(0, 50000).Select(_ => random.NextSingle() * 6)];
        Assert.InRange(Choose(new EntropyCalibration(), even).High, 5.7f, 6);
    }

    [Fact]
    public void Only_zeros_are_a_range_of_nothing()
    {
        foreach (
            CalibrationMethod calibration in new CalibrationMethod[]
            {
                new MinMaxCalibration(),
                new PercentileCalibration(),
                new MeanSquaredErrorCalibration(),
                new EntropyCalibration(),
            }
        )
            Assert.Equal(new ValueRange(0, 0), Choose(calibration, new float[100]));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_an_error_that_names_the_place()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Choose(new MinMaxCalibration(), [1, float.NaN]));
        Assert.Contains("'place'", error.Message);
    }

    [Theory]
    [InlineData(QuantizedType.UInt8, 0, 6, 0, 6)]
    [InlineData(QuantizedType.UInt8, -1, 3, -1, 3)]
    [InlineData(QuantizedType.Int8, 0, 6, 0, 6)]
    [InlineData(QuantizedType.SymmetricInt8, -1, 3, -3, 3)]
    public void Numbers_cover_the_range_and_zero_is_one_of_them(QuantizedType type, float low, float high, float covered, float top)
    {
        QuantizationParameters parameters = QuantizationParameters.Of(new ValueRange(low, high), type);
        Assert.Equal(0, parameters.Round(0));
        Assert.InRange(parameters.Range.Low, covered - parameters.Scale, covered + parameters.Scale);
        Assert.InRange(parameters.Range.High, top - parameters.Scale, top + parameters.Scale);
        Assert.InRange(parameters.Round(high / 2), high / 2 - parameters.Scale / 2, high / 2 + parameters.Scale / 2);
        Assert.Equal(parameters.Range.High, parameters.Round(1000), 1e-5);
    }

    private static ValueRange Choose(CalibrationMethod calibration, float[] values, QuantizedType type = QuantizedType.UInt8)
    {
        var histogram = new ValueHistogram();
        histogram.Extend(values, "place");
        histogram.Add(values);
        return calibration.Choose(histogram, type);
    }
}
