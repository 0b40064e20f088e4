namespace MLNetExtensions.Search.Halvings;

/// <summary>Successive halving (arXiv 1502.07943): the best of a rung go on when all have reached it.</summary>
/// <param name="rungs">The number of rungs.</param>
/// <param name="factor">One trial of so many goes on.</param>
/// <param name="trials">The number of trials of the first rung.</param>
internal sealed class SynchronousHalving(int rungs, int factor, int trials) : HalvingState(rungs, factor)
{
    protected override int Finalists => 1;

    public override (int Trial, int Rung)? Next()
    {
        int expected = trials;
        for (int rung = 0; rung < RungCount - 1 && ResultsAt(rung).Count >= expected; rung++)
        {
            int going = ResultsAt(rung).Count / Factor;
            RungResult[] best = [.. Ranked(rung).Take(going)];
            foreach (RungResult result in best.OrderBy(result => result.Trial))
                if (!HasBegun(result.Trial, rung + 1))
                    return (result.Trial, rung + 1);
            if (best.Length == 0)
                return null;
            expected = best.Length;
        }
        return null;
    }
}
