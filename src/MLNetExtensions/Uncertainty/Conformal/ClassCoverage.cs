namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>How often the sets of a class's rows hold it.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">The number of its rows.</param>
/// <param name="Coverage">The part of them whose set holds the class; NaN where there are none.</param>
public sealed record ClassCoverage(string Name, long Count, double Coverage);
