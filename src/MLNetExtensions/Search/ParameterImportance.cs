namespace MLNetExtensions.Search;

/// <summary>The importance of a hyper-parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fraction">
/// The part of the metric's variance over the space that it explains alone, 0 to 1. What is missing to 1 in the sum of all is explained by
/// several together.
/// </param>
public sealed record ParameterImportance(string Name, double Fraction);
