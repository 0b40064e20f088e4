namespace MLNetExtensions.Reports.Charts;

/// <summary>A mark of an axis.</summary>
/// <param name="At">Its place on the drawing.</param>
/// <param name="Text">The number beside it.</param>
internal sealed record Tick(string At, string Text);
