using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public class HeadLearningRateTests
{
    private const double StableNesterov = 2 * 1.9 / 2.8;

    [Fact]
    public void Many_unrelated_features_have_the_usual_rate() =>
        Assert.Equal(4f / 400, Rate(rows: 200, features: 400, related: false, decay: 0.25));

    [Theory]
    [InlineData(6, 2, false)]
    [InlineData(6, 2, true)]
    [InlineData(9, 16, true)]
    [InlineData(140, 64, true)]
    public void The_rate_is_stable_with_weight_decay_and_the_loss(int rows, int features, bool related)
    {
        double decay = 50.0 / rows;
        foreach (
            Loss loss in (Loss[])
                [new CrossEntropy(), new MeanSquaredError(), new Huber(), new Ordinal(), new Focal(), new BinaryCrossEntropy([8])]
        )
        {
            float rate = Rate(rows, features, related, decay, loss);
            // Of related features the largest eigenvalue is their number.
            double curvature = loss switch
            {
                MeanSquaredError => 2,
                Huber => 1,
                BinaryCrossEntropy => 2,
                Ordinal => 0.25,
                _ => 0.5,
            };
            Assert.InRange(rate * (curvature * (related ? features : 1) + decay), 1e-3, StableNesterov);
        }
    }

    [Fact]
    public void Features_that_are_no_numbers_leave_the_usual_rate()
    {
        using FeatureCache cache = Features(4, 2, related: false, first: float.NaN);
        Assert.Equal(2f, HeadLearningRate.Of(cache, [0, 1, 2, 3], [float.NaN, 0], [float.NaN, 1], new CrossEntropy(), 2, 0.1, 16, 0.2f));
    }

    private static float Rate(int rows, int features, bool related, double decay, Loss? loss = null)
    {
        using FeatureCache cache = Features(rows, features, related);
        int[] all = [.. Enumerable.Range(0, rows)];
        (float[] mean, float[] deviation) = FeatureStatistics.Compute(cache, all);
        return HeadLearningRate.Of(cache, all, mean, deviation, loss ?? new CrossEntropy(), 1, decay, 16, 0.2f);
    }

    private static FeatureCache Features(int rows, int features, bool related, float? first = null)
    {
        var random = new Random(1);
        var cache = new FeatureCache([features], 1 << 24, Path.GetTempPath());
        for (int row = 0; row < rows; row++)
        {
            float common = random.NextSingle();
            cache.Add([
                .. Enumerable
                    .Range(0, features)
                    .Select(i =>
                        i == 0 && first is { } f ? f
                        : related ? common * (i + 1)
                        : random.NextSingle()
                    ),
            ]);
        }
        return cache;
    }
}
