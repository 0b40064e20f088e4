using MLNetExtensions.TestData;
using MLNetExtensions.Training.Schedules;
using Xunit;

namespace MLNetExtensions.Tests.Training.Schedules;

public class LearningRateScheduleTests
{
    public static TheoryData<string, LearningRateSchedule> Recorded => new()
    {
        { "constant", new ConstantSchedule() },
        { "cosine_60_min0.001", new CosineSchedule(0.001f) },
        { "onecycle_60_max0.1", new OneCycleSchedule() },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Rates_are_those_of_PyTorch(string name, LearningRateSchedule schedule)
    {
        using var record = new Npz(SharedData.Require("golden", "schedules.npz"));
        double[] expected = record.Doubles(name);
        Assert.Equal(60, expected.Length);
        for (int step = 0; step < expected.Length; step++)
            Assert.True(
                Math.Abs(expected[step] - schedule.RateAt(0.1f, step, 60)) <= 1e-6 * 0.1 + 1e-6 * expected[step],
                $"{name}, step {step}: {schedule.RateAt(0.1f, step, 60)}, expected {expected[step]}");
    }

    [Fact]
    public void The_cosine_ends_at_its_minimum() => Assert.Equal(0.01f, new CosineSchedule(0.01f).RateAt(1, 10, 10), 1e-7f);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_cycle_is_finite_in_very_short_runs(int steps)
    {
        for (int step = 0; step < steps; step++)
            Assert.InRange(new OneCycleSchedule().RateAt(0.1f, step, steps), 0, 0.1f);
    }
}
