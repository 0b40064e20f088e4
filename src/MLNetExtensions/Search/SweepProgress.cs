namespace MLNetExtensions.Search;

/// <summary>A report of a sweep's state, after each result.</summary>
/// <param name="Trial">The number of the trial with the result.</param>
/// <param name="Epochs">The epochs that it has trained; null where epochs are not known.</param>
/// <param name="Value">The metric; null if the trial failed.</param>
/// <param name="Error">The cause if it failed; else null.</param>
/// <param name="BestTrial">The number of the best trial so far; null while there is none.</param>
/// <param name="BestValue">Its value.</param>
/// <param name="Trials">The number of trials begun so far.</param>
/// <param name="Elapsed">The time since the sweep began.</param>
public sealed record SweepProgress(
    int Trial,
    int? Epochs,
    double? Value,
    string? Error,
    int? BestTrial,
    double? BestValue,
    int Trials,
    TimeSpan Elapsed
);
