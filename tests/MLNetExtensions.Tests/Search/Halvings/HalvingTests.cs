using System.Text.Json;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Halvings;
using Xunit;

namespace MLNetExtensions.Tests.Search.Halvings;

/// <summary>Decisions of halving on the table of tests/Golden/tuning/asha_27x4.json: 27 trials, rungs 1, 3, 9 and 27, one trial of three.</summary>
public class HalvingTests
{
    private static readonly JsonElement Golden = HalvingTable.Read();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Promotions_are_those_of_the_paper(int run)
    {
        JsonElement expected = Golden.GetProperty("asha")[run];

        HalvingTable.Played played = Play(HalvingRule.Promote, expected.GetProperty("workers").GetInt32());

        Assert.Equal(expected.GetProperty("starts").EnumerateArray().Select(Ints), played.Starts);
        Assert.Equal(expected.GetProperty("cost").GetInt32(), played.Cost);
        Assert.Equal(expected.GetProperty("makespan").GetInt32(), played.Makespan);
        Assert.Equal(expected.GetProperty("best").GetInt32(), played.Best);
    }

    [Theory]
    [InlineData(0, HalvingRule.StopBelowTop)]
    [InlineData(1, HalvingRule.StopBelowPercentile)]
    public void Stops_are_those_of_Optuna_and_Ray(int run, HalvingRule rule)
    {
        JsonElement expected = Golden.GetProperty("stopping")[run];

        HalvingTable.Played played = Play(rule, 1);

        int[] last =
        [
            .. played.Starts.GroupBy(start => start[1]).OrderBy(group => group.Key).Select(group => group.Max(start => start[2])),
        ];
        Assert.Equal(Ints(expected.GetProperty("last_rung")), last);
        Assert.Equal(expected.GetProperty("cost").GetInt32(), played.Cost);
        Assert.Equal(expected.GetProperty("best").GetInt32(), played.Best);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_synchronous_rule_waits_for_all(int workers)
    {
        JsonElement expected = Golden.GetProperty("synchronous");

        HalvingTable.Played played = Play(HalvingRule.Synchronous, workers);

        Assert.Equal(
            expected.GetProperty("trials_per_rung").EnumerateArray().Select(Ints),
            Enumerable
                .Range(0, 4)
                .Select(rung => played.Starts.Where(start => start[2] == rung).Select(start => start[1]).Order().ToArray())
        );
        Assert.Equal(expected.GetProperty("cost_with_resume").GetInt32(), played.Cost);
        Assert.Equal(expected.GetProperty("best").GetInt32(), played.Best);
    }

    [Fact]
    public void Finishing_keeps_the_late_bloomer()
    {
        HalvingTable.Played played = Play(HalvingRule.PromoteAndFinish, 1);

        Assert.Equal(Golden.GetProperty("full_grid").GetProperty("best").GetInt32(), played.Best);
        Assert.Equal([4, 9, 13], played.Starts.Where(start => start[2] == 3).Select(start => start[1]).Order());
        // 89 of the promotions, and 18 for each of the two others of the best three.
        Assert.Equal(125, played.Cost);
        Assert.True(played.Cost <= 0.3 * Golden.GetProperty("full_grid").GetProperty("cost").GetInt32());
    }

    [Theory]
    [InlineData(HalvingRule.Promote, 1)]
    [InlineData(HalvingRule.PromoteAndFinish, 2)]
    [InlineData(HalvingRule.Synchronous, 1)]
    public void Few_trials_are_finished_too(HalvingRule rule, int finished)
    {
        var table = new HalvingTable(
            [
                [0.5, 0.6, 0.7],
                [0.4, 0.8, 0.9],
            ],
            [1, 3, 9]
        );
        HalvingTable.Played played = table.Play(HalvingState.Of(rule, 3, 3, 2), 1);
        Assert.Equal(finished, played.Starts.Count(start => start[2] == 2));
    }

    [Fact]
    public void The_cost_of_the_end_is_known_before()
    {
        // Whatever has been reported, what the end still costs is what it then does.
        JsonElement golden = Golden;
        double[][] results = [.. HalvingTable.Golden(golden).Results];
        var halving = HalvingState.Of(HalvingRule.PromoteAndFinish, 4, 3, 27);
        for (int trial = 0; trial < 5; trial++)
        {
            halving.Begin(trial, 0);
            halving.Report(trial, 0, results[trial][0]);
        }
        int[] expected = halving.StepsAtTheEnd([0, 0, 0, 0]);
        int[] done = new int[4];
        while (halving.NextAtTheEnd() is { } next)
        {
            done[next.Rung]++;
            halving.Begin(next.Trial, next.Rung);
            halving.Report(next.Trial, next.Rung, results[next.Trial][next.Rung]);
        }
        Assert.Equal([0, 3, 3, 3], expected);
        Assert.Equal(expected, done);
    }

    [Theory]
    [InlineData(27, 3, null, new[] { 3, 9, 27 })]
    [InlineData(27, 3, 1, new[] { 1, 3, 9, 27 })]
    [InlineData(10, 3, null, new[] { 3, 10 })]
    [InlineData(60, 3, null, new[] { 7, 20, 60 })]
    [InlineData(2, 3, null, new[] { 2 })]
    [InlineData(1, 4, null, new[] { 1 })]
    [InlineData(3, 2, 1, new[] { 1, 2, 3 })]
    public void Rungs_end_at_the_last_epoch(int epochs, int factor, int? least, int[] expected) =>
        Assert.Equal(expected, new Halving { Factor = factor, MinEpochs = least }.Rungs(epochs));

    private static HalvingTable.Played Play(HalvingRule rule, int workers) =>
        HalvingTable.Golden(Golden).Play(HalvingState.Of(rule, 4, 3, 27), workers);

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];
}
