namespace MLNetExtensions.Peers;

/// <summary>
/// Times of two systems that take turns, compared by the median of the rounds' ratios: what disturbs the machine disturbs both.
/// </summary>
internal static class PairedTimes
{
    /// <summary>Runs both in turns, in changing order, and prints each round.</summary>
    /// <param name="ours">Seconds of our turn.</param>
    /// <param name="theirs">Seconds of the peer's turn.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="warmups">Turns of both before, which do not count: caches, the JIT's last versions, and threads that have to be
    /// woken.</param>
    /// <returns>The median of ours / theirs.</returns>
    public static double Ratio(Func<double> ours, Func<double> theirs, int rounds, int warmups = 0)
    {
        for (int i = 0; i < warmups; i++)
            _ = ours() + theirs();
        var ratios = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            // Who goes second finds the machine as the other leaves it.
            double our,
                their;
            if (round % 2 == 0)
                (our, their) = (ours(), theirs());
            else
                (their, our) = (theirs(), ours());
            ratios[round] = our / their;
            Console.WriteLine($"round {round + 1}: ours {1000 * our:F1} ms, peer {1000 * their:F1} ms, ratio {ratios[round]:F3}");
        }
        Array.Sort(ratios);
        return rounds % 2 == 1 ? ratios[rounds / 2] : (ratios[rounds / 2 - 1] + ratios[rounds / 2]) / 2;
    }
}
