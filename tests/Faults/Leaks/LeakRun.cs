namespace MLNetExtensions.Faults.Leaks;

/// <summary>Something done again and again, measured at equal distances.</summary>
internal static class LeakRun
{
    private const int Parts = 8;

    // Fragments and caches of allocators come and go; what is lost each time adds up.
    private const long ManagedPerTime = 1 << 10,
        ResidentPerTime = 32 << 10,
        Noise = 24 << 20;

    /// <summary>Does it, and says what grew.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="times">How often.</param>
    /// <param name="act">Does it once.</param>
    /// <returns>The handles and threads that more were open at the end than at half of it, and 1 for each memory that grew.</returns>
    public static int Measure(string name, int times, Action act)
    {
        var samples = new LeakSample[Parts];
        for (int part = 0; part < Parts; part++)
        {
            for (int i = times * part / Parts; i < times * (part + 1) / Parts; i++)
                act();
            samples[part] = LeakSample.Take();
        }
        // The first half fills caches and pools.
        LeakSample first = samples[3],
            last = samples[^1];
        int measured = Math.Max(1, times * (Parts - 4) / Parts);
        long managed = last.Managed - first.Managed,
            resident = last.Resident - first.Resident;
        int handles = Math.Max(0, last.Handles - first.Handles),
            threads = Math.Max(0, last.Threads - Math.Max(first.Threads, Environment.ProcessorCount * 4));
        bool managedGrew = managed / measured > ManagedPerTime && managed > Noise / 24,
            residentGrew = resident / measured > ResidentPerTime && resident > Noise;
        Console.WriteLine(
            $"{name}: {times} times; managed {first.Managed >> 10} to {last.Managed >> 10} KB ({managed / measured} B each), resident "
                + $"{first.Resident >> 20} to {last.Resident >> 20} MB ({resident / measured} B each), handles {first.Handles} to "
                + $"{last.Handles}, threads {first.Threads} to {last.Threads}{(managedGrew || residentGrew ? ", GROWS" : "")}"
        );
        return handles + threads + (managedGrew ? 1 : 0) + (residentGrew ? 1 : 0);
    }
}
