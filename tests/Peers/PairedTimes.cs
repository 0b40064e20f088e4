namespace MLNetExtensions.Peers;

/// <summary>Times of two systems that take turns, compared by the median of the rounds' ratios: what disturbs the machine disturbs both.</summary>
internal static class PairedTimes
{
    /// <summary>Runs both in turns and prints each round.</summary>
    /// <param name="ours">Seconds of our turn.</param>
    /// <param name="theirs">Seconds of the peer's turn.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <returns>The median of ours / theirs.</returns>
    public static double Ratio(Func<double> ours, Func<double> theirs, int rounds)
    {
        var ratios = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            double our = ours(), their = theirs();
            ratios[round] = our / their;
            Console.WriteLine($"round {round + 1}: ours {1000 * our:F1} ms, peer {1000 * their:F1} ms, ratio {ratios[round]:F3}");
        }
        Array.Sort(ratios);
        return rounds % 2 == 1 ? ratios[rounds / 2] : (ratios[rounds / 2 - 1] + ratios[rounds / 2]) / 2;
    }
}
