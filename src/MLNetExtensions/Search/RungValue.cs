namespace MLNetExtensions.Search;

/// <summary>A result of a trial on its way.</summary>
/// <param name="Epochs">The epochs that it had trained; null where epochs are not known.</param>
/// <param name="Value">The metric.</param>
/// <param name="Duration">The time that it took since the result before.</param>
public sealed record RungValue(int? Epochs, double Value, TimeSpan Duration);
