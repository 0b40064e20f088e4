namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>An object of an image.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Score">Its score, 0 to 1.</param>
/// <param name="Box">Left, top, right and bottom, in pixels.</param>
internal sealed record FoundObject(string Label, float Score, float[] Box);
