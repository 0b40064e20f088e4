namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>The process's memory, for tests that run alone.</summary>
internal static class ProcessMemory
{
    /// <summary>
    /// Of three times the work: what is kept grows in each, what allocators of a process full of other tests still arrange grows in the
    /// first.
    /// </summary>
    public static long LeastGrowth(Action work)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 3 && least > 25L << 20; round++)
        {
            long before = Environment.WorkingSet;
            work();
            least = Math.Min(least, Environment.WorkingSet - before);
        }
        return least;
    }
}
