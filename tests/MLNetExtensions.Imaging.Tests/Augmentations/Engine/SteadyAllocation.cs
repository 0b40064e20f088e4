namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>The bytes that work allocates on this thread each time it is done.</summary>
internal static class SteadyAllocation
{
    /// <summary>
    /// The least of three measurements: SkiaSharp has one table of native objects for all threads, and the thread whose object makes it
    /// grow allocates it anew.
    /// </summary>
    public static long Of(Action work) =>
        Enumerable
            .Range(0, 3)
            .Min(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                work();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
}
