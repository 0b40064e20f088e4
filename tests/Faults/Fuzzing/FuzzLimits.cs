namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>What an input may cost, whatever it holds.</summary>
internal static class FuzzLimits
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>The bytes that one input may make the product allocate, all together.</summary>
    public const long Allocated = 512L << 20;

    /// <summary>The growth of the process that ends it: native memory is seen in this alone.</summary>
    public const long Resident = 1L << 30;

    /// <summary>The heap of a worker: what is over it is an OutOfMemoryException of the one input.</summary>
    public const long Heap = 1L << 30;
}
