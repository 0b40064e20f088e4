namespace MLNetExtensions.Search.Halvings;

/// <summary>
/// Asynchronous successive halving (arXiv 1810.05934, algorithm 2): whoever is free takes a trial that is among the best of its rung, from
/// the highest rung down, or begins a new one.
/// </summary>
internal sealed class PromotingHalving(int rungs, int factor, int finalists) : HalvingState(rungs, factor)
{
    protected override int Finalists => finalists;

    public override (int Trial, int Rung)? Next()
    {
        for (int rung = RungCount - 2; rung >= 0; rung--)
            foreach (RungResult result in Ranked(rung).Take(ResultsAt(rung).Count / Factor))
                if (!HasBegun(result.Trial, rung + 1))
                    return (result.Trial, rung + 1);
        return null;
    }
}
