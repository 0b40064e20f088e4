using MLNetExtensions.Search;
using MLNetExtensions.Search.Halvings;
using MLNetExtensions.Tests.Search.Halvings;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// What halving costs and loses on the made table of tests/Golden/tuning, whose best trial is third of three before the last rung. The order
/// of trials decides much of it, so that the rules are played through for many orders.
/// </summary>
internal static class AshaCost
{
    private const int Orders = 1000;

    /// <summary>The mean cost of the default rule, as a part of the grid's.</summary>
    public static double? DefaultRule()
    {
        HalvingTable golden = HalvingTable.Golden(HalvingTable.Read());
        double grid = golden.Results.Count * HalvingTable.LastRung,
            best = golden.Results.Max(results => results[^1]);
        double figure = double.NaN;
        foreach (HalvingRule rule in Enum.GetValues<HalvingRule>())
        {
            var random = new Random(1);
            List<(double Cost, double Lost)> played = [];
            for (int order = 0; order < Orders; order++)
            {
                double[][] shuffled = [.. golden.Results];
                random.Shuffle(shuffled);
                HalvingTable.Played run = golden.With(shuffled).Play(HalvingState.Of(rule, 4, 3, shuffled.Length), workers: 1);
                played.Add((run.Cost / grid, 100 * (best - run.Value)));
            }
            double cost = played.Average(run => run.Cost);
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{rule}: {cost:P1} of the grid's epochs (at most {played.Max(run => run.Cost):P1}), {played.Average(run => run.Lost):F2} points lost (at most {played.Max(run => run.Lost):F2}), within 0.5 points in {played.Average(run => run.Lost <= 0.5 ? 1.0 : 0):P0} of {Orders} orders"
                )
            );
            // A rule that loses more has no cost to compare.
            if (rule == new Halving().Rule && played.TrueForAll(run => run.Lost <= 0.5))
                figure = cost;
        }
        return double.IsNaN(figure) ? null : figure;
    }
}
