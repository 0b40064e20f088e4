using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Search.Spaces;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Search.Samplers;

public class TpeSamplerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_beats_random_draws(bool isMultivariate)
    {
        SearchSpace<Point> space = new SearchSpace<Point>().Range(o => o.X, 0.0, 1.0);
        double tpe = Median(new TpeSampler { IsMultivariate = isMultivariate }),
            random = Median(new RandomSampler());
        Assert.True(tpe < 0.5 * random, $"TPE {tpe}, random {random}");

        double Median(TrialSampler sampler) =>
            Enumerable
                .Range(0, 20)
                .Select(seed => Sweep(sampler, space, seed, trials: 60, o => -(o.X - 0.3) * (o.X - 0.3)).Max(t => t.Score))
                .Select(score => -score)
                .Order()
                .ElementAt(10);
    }

    [Fact]
    public void Choices_and_whole_numbers_on_a_logarithmic_scale_are_found()
    {
        SearchSpace<Point> space = new SearchSpace<Point>()
            .Range(o => o.X, 0.0, 1.0)
            .Range(o => o.Count, 1, 1000, logBase: true)
            .Choice(o => o.Kind, "a", "b", "c", "d");
        Point[] late =
        [
            .. Enumerable
                .Range(0, 5)
                .SelectMany(seed => Sweep(new TpeSampler(), space, seed, 60, Score).Skip(40))
                .Select(trial => space.CreateOptions(trial.Point)),
        ];
        Assert.True(late.Count(point => point.Kind == "c") > 0.6 * late.Length);
        Assert.True(late.Count(point => point.Count is > 3 and < 40) > 0.6 * late.Length);

        static double Score(Point point) => (point.Kind == "c" ? 1 : 0) - Math.Abs(Math.Log(point.Count / 10.0)) - Math.Abs(point.X - 0.5);
    }

    [Fact]
    public void A_sequence_that_goes_on_is_the_one_that_was_not_broken_off()
    {
        SearchSpace<Point> space = new SearchSpace<Point>().Range(o => o.X, 0.0, 1.0).Choice(o => o.Kind, "a", "b");
        var sampler = new TpeSampler();
        List<SampledTrial> whole = Sweep(sampler, space, seed: 7, trials: 30, o => o.X);
        List<SampledTrial> part = [.. whole[..17]];
        for (int i = part.Count; i < whole.Count; i++)
            part.Add(Trial(sampler.Draw(space.Dimensions, part, new Random(RunSeed.Of(7, i))), space, o => o.X));
        Assert.Equal(whole.Select(trial => trial.Point), part.Select(trial => trial.Point));
    }

    [Fact]
    public void Trials_at_the_same_time_do_not_repeat_one_point()
    {
        SearchSpace<Point> space = new SearchSpace<Point>().Range(o => o.X, 0.0, 1.0);
        List<SampledTrial> trials = Sweep(new TpeSampler(), space, seed: 2, trials: 20, o => -Math.Abs(o.X - 0.3));
        double Spread(bool tells)
        {
            List<SampledTrial> running = [.. trials];
            List<double> drawn = [];
            for (int i = 0; i < 8; i++)
            {
                double[] point = new TpeSampler().Draw(space.Dimensions, running, new Random(100 + i));
                drawn.Add(point[0]);
                if (tells)
                    running.Add(new SampledTrial(point, -1, double.NaN, false, false));
            }
            return drawn.Max() - drawn.Min();
        }
        Assert.True(Spread(tells: true) > Spread(tells: false));
    }

    [Fact]
    public void The_best_tenth_is_good_and_failed_and_running_trials_are_not()
    {
        SampledTrial[] trials =
        [
            new([0], 2, 0.5, true, false),
            new([1], 1, 0.9, false, false),
            new([2], 2, 0.6, true, false),
            new([3], 0, double.NaN, false, true),
            new([4], -1, double.NaN, false, false),
            .. Enumerable.Range(5, 10).Select(i => new SampledTrial([i], 0, 0.99, false, false)),
        ];
        (double[][] good, double[][] others) = TpeSampler.Divide(trials);
        // 13 with results: the two that trained to the end come before any that did not.
        Assert.Equal(
            [
                [0.0],
                [2.0],
            ],
            good
        );
        Assert.Equal(13, others.Length);
    }

    [Fact]
    public void Old_points_weigh_less()
    {
        Assert.Equal(Enumerable.Repeat(1.0, 24), TpeSampler.WeightsByAge(24));
        double[] weights = TpeSampler.WeightsByAge(30);
        Assert.Equal(1 / 30.0, weights[0], 1e-12);
        Assert.Equal(1, weights[4], 1e-12);
        Assert.All(weights[5..], weight => Assert.Equal(1, weight));
    }

    private static List<SampledTrial> Sweep(TrialSampler sampler, SearchSpace<Point> space, int seed, int trials, Func<Point, double> score)
    {
        List<SampledTrial> done = [];
        for (int i = 0; i < trials; i++)
            done.Add(Trial(sampler.Draw(space.Dimensions, done, new Random(RunSeed.Of(seed, i))), space, score));
        return done;
    }

    private static SampledTrial Trial(double[] point, SearchSpace<Point> space, Func<Point, double> score) =>
        new(point, 0, score(space.CreateOptions(point)), true, false);

    private sealed class Point
    {
        public double X { get; set; }
        public int Count { get; set; }
        public string Kind { get; set; } = "";
    }
}
