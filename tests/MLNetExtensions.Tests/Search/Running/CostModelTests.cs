using MLNetExtensions.Search;
using MLNetExtensions.Search.Halvings;
using MLNetExtensions.Search.Running;
using Xunit;

namespace MLNetExtensions.Tests.Search.Running;

public class CostModelTests
{
    [Fact]
    public void A_training_costs_its_start_and_its_epochs()
    {
        var costs = new CostModel();
        Assert.False(costs.IsKnown);
        costs.Add(seconds: 7, epochs: 3, epochSeconds: 6);
        // The first one's start, which loads libraries, says nothing of the next.
        Assert.Equal(9 * 2, costs.Predict(1, 9), 1e-12);
        // Another whose epochs take twice as long: the mean 3, and a deviation of 1 above it.
        costs.Add(seconds: 12.5, epochs: 3, epochSeconds: 12);
        Assert.Equal((2 * 0.5) + (9 * 4), costs.Predict(2, 9), 1e-12);
    }

    [Fact]
    public void Trainings_without_epochs_cost_what_they_took()
    {
        var costs = new CostModel();
        costs.Add(seconds: 7, epochs: 0, epochSeconds: 0);
        Assert.Equal(14, costs.Predict(2, 2), 1e-12);
    }

    [Fact]
    public void What_the_end_needs_is_kept()
    {
        // Rungs 1, 3 and 9; a second for each epoch. Three trials stand at the first rung.
        var halving = HalvingState.Of(HalvingRule.PromoteAndFinish, 3, 3, 100);
        for (int trial = 0; trial < 3; trial++)
        {
            halving.Begin(trial, 0);
            halving.Report(trial, 0, trial);
        }
        // A new trial: 1 s. The end: three steps of 2 s, and three of 6 s.
        Assert.True(Clock(27).HasTimeFor(0, halving, [1, 0, 0]));
        Assert.False(Clock(24).HasTimeFor(0, halving, [1, 0, 0]));
        Assert.True(Clock(24).HasTimeFor(0, null, [1, 0, 0]));
        Assert.True(Clock(6.5).HasTimeFor(2, null, [0, 0, 1]));
        Assert.False(Clock(5.5).HasTimeFor(2, null, [0, 0, 1]));

        static SweepClock Clock(double seconds)
        {
            var clock = new SweepClock(TimeSpan.FromSeconds(seconds), [1, 3, 9], folds: 1, parallel: 1);
            clock.Costs.Add(3, 3, 3);
            return clock;
        }
    }
}
