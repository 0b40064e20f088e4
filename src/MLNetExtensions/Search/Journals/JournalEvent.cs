namespace MLNetExtensions.Search.Journals;

/// <summary>A line of a journal after its first: a trial that began to train to a rung, reached it, or failed on the way.</summary>
/// <param name="Trial">The trial's number.</param>
/// <param name="Rung">The rung, from 0.</param>
internal abstract record JournalEvent(int Trial, int Rung)
{
    /// <summary>A trial began to train to a rung.</summary>
    /// <param name="Trial">The trial's number.</param>
    /// <param name="Rung">The rung, from 0.</param>
    /// <param name="Point">Its coordinates, at the first rung; null at later ones.</param>
    /// <param name="Values">The values that they stand for, for readers of the file.</param>
    public sealed record Began(int Trial, int Rung, double[]? Point, IReadOnlyList<KeyValuePair<string, string>> Values)
        : JournalEvent(Trial, Rung);

    /// <summary>A trial whose process ended begins again.</summary>
    public sealed record Retried(int Trial, int Rung) : JournalEvent(Trial, Rung);

    /// <summary>A trial was broken off as the sweep was canceled or its time was up: it begins again as if it had not.</summary>
    public sealed record BrokenOff(int Trial, int Rung) : JournalEvent(Trial, Rung);

    /// <summary>A trial reached a rung.</summary>
    /// <param name="Trial">The trial's number.</param>
    /// <param name="Rung">The rung, from 0.</param>
    /// <param name="Value">The metric there.</param>
    /// <param name="Epochs">The epochs that it has trained in all; null where epochs are not known.</param>
    /// <param name="Seconds">The time that it took since it began to train to this rung.</param>
    public sealed record Reached(int Trial, int Rung, double Value, int? Epochs, double Seconds) : JournalEvent(Trial, Rung);

    /// <summary>A trial failed.</summary>
    /// <param name="Trial">The trial's number.</param>
    /// <param name="Rung">The rung, from 0.</param>
    /// <param name="Error">The cause.</param>
    /// <param name="Seconds">The time that it took.</param>
    public sealed record Failed(int Trial, int Rung, string Error, double Seconds) : JournalEvent(Trial, Rung);
}
