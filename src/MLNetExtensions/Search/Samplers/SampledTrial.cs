namespace MLNetExtensions.Search.Samplers;

/// <summary>A trial as samplers see it.</summary>
/// <param name="Point">A coordinate for each dimension.</param>
/// <param name="Rung">The highest rung with a result, from 0; -1 while there is none.</param>
/// <param name="Score">The result there; higher is better. NaN while there is none, and for failed trials.</param>
/// <param name="IsComplete">True if it has reached the last rung.</param>
/// <param name="HasFailed">True if it has failed.</param>
internal readonly record struct SampledTrial(double[] Point, int Rung, double Score, bool IsComplete, bool HasFailed);
