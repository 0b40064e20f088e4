namespace MLNetExtensions.Serving;

/// <summary>A class or label and its probability.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Score">Its probability.</param>
public readonly record struct ClassScore(string Label, float Score);
