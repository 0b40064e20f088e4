namespace MLNetExtensions.Search.Halvings;

/// <summary>The result of a trial at a rung.</summary>
/// <param name="Trial">The trial's number.</param>
/// <param name="Score">The result; higher is better. NaN if it failed: such a trial never goes on.</param>
internal readonly record struct RungResult(int Trial, double Score);
