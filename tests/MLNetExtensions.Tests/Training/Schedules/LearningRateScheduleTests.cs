using MLNetExtensions.TestData;
using MLNetExtensions.Training.Schedules;
using Xunit;

namespace MLNetExtensions.Tests.Training.Schedules;

public class LearningRateScheduleTests
{
    public static TheoryData<string, LearningRateSchedule> Recorded =>
        new()
        {
            { "constant", new ConstantSchedule() },
            { "cosine_60_min0.001", new CosineSchedule(0.001f) },
            { "onecycle_60_max0.1", new OneCycleSchedule() },
            { "step_20_0.1", new StepSchedule(20f / 60) },
            { "multistep_15_40_0.1", new MultiStepSchedule([15f / 60, 40f / 60]) },
            { "exponential_0.95", new ExponentialSchedule(MathF.Pow(0.95f, 60)) },
            { "cosine_restarts_10_mult2", new CosineRestartsSchedule(10f / 60) },
            { "polynomial_60_pow2", new PolynomialSchedule() },
            { "warmup5_then_cosine55", new WarmupSchedule(new CosineSchedule(), 5f / 60, 0.2f) },
        };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Rates_are_those_of_PyTorch(string name, LearningRateSchedule schedule)
    {
        using var record = new Npz(GoldenFiles.PathOf("schedules.npz"));
        double[] expected = record.Doubles(name);
        Assert.Equal(60, expected.Length);
        for (int step = 0; step < expected.Length; step++)
            Assert.True(
                Math.Abs(expected[step] - schedule.RateAt(0.1f, step, 60)) <= 1e-6 * 0.1 + 1e-6 * expected[step],
                $"{name}, step {step}: {schedule.RateAt(0.1f, step, 60)}, expected {expected[step]}"
            );
    }

    [Fact]
    public void The_cosine_ends_at_its_minimum() => Assert.Equal(0.01f, new CosineSchedule(0.01f).RateAt(1, 10, 10), 1e-7f);

    [Fact]
    public void A_triangle_rises_to_the_base_rate_and_falls()
    {
        var triangle = new TriangularSchedule(0.2f, 0.5f, 0.1f);
        Assert.Equal(
            [0.5f, 0.75f, 1, 0.8875f, 0.775f],
            Enumerable.Range(0, 5).Select(step => triangle.RateAt(1, step, 10)),
            (a, b) => Math.Abs(a - b) < 1e-5f
        );
        Assert.Equal(0.1f, triangle.RateAt(1, 10, 10), 1e-6f);
    }

    [Fact]
    public void A_line_ends_at_its_factor()
    {
        Assert.Equal(2, new LinearSchedule(0.5f).RateAt(2, 0, 10));
        Assert.Equal(1.5f, new LinearSchedule(0.5f).RateAt(2, 5, 10), 1e-6f);
        Assert.Equal(1, new LinearSchedule(0.5f).RateAt(2, 10, 10), 1e-6f);
    }

    public static TheoryData<LearningRateSchedule> All =>
        [
            new ConstantSchedule(),
            new CosineSchedule(),
            new OneCycleSchedule(),
            new StepSchedule(),
            new MultiStepSchedule([0.5f, 0.75f]),
            new ExponentialSchedule(),
            new CosineRestartsSchedule(),
            new PolynomialSchedule(),
            new LinearSchedule(),
            new TriangularSchedule(),
            new WarmupSchedule(new TriangularSchedule()),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public void Rates_are_finite_in_very_short_runs(LearningRateSchedule schedule)
    {
        foreach (int steps in new[] { 1, 2, 3, 7 })
            for (int step = 0; step <= steps; step++)
                Assert.InRange(schedule.RateAt(0.1f, step, steps), 0, 0.1f + 1e-6f);
    }
}
