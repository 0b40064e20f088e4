namespace MLNetExtensions.Uncertainty.Selective;

/// <summary>What happens if rows from a confidence on are answered.</summary>
/// <param name="Threshold">The least confidence that is answered.</param>
/// <param name="Coverage">The part of rows that is answered.</param>
/// <param name="Risk">The part of the answered rows that is wrong.</param>
public sealed record RiskCoveragePoint(double Threshold, double Coverage, double Risk);
