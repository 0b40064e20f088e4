namespace MLNetExtensions.Quality;

/// <summary>A row whose label is probably wrong.</summary>
/// <param name="Row">The number of the row in the data, from 0.</param>
/// <param name="Path">The image's path; null if the data have no such column.</param>
/// <param name="GivenLabel">The label that it has.</param>
/// <param name="SuggestedLabel">The most probable class.</param>
/// <param name="Quality">How good the given label is, 0 to 1; lower is worse.</param>
/// <param name="GivenProbability">The probability of the given label by models that did not see the row.</param>
/// <param name="SuggestedProbability">The probability of the suggested one.</param>
public sealed record LabelIssue(
    long Row,
    string? Path,
    string GivenLabel,
    string SuggestedLabel,
    float Quality,
    float GivenProbability,
    float SuggestedProbability
);
