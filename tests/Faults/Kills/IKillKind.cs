namespace MLNetExtensions.Faults.Kills;

/// <summary>A kind of work that is killed.</summary>
internal interface IKillKind
{
    string Name { get; }

    /// <summary>True if the work is done again and again until the process is killed: then each moment is one of it.</summary>
    bool Repeats => false;

    /// <summary>Does the work, from wherever an earlier process left it.</summary>
    /// <returns>What came out, as a text that is the same for the same result.</returns>
    string Work(KillPlace place);

    /// <summary>Reads what a killed process left under final names, as whoever comes next would.</summary>
    /// <exception cref="Exception">Something is not whole.</exception>
    void Read(KillPlace place) { }
}
