namespace MLNetExtensions.Reports.Rendering;

/// <summary>A box of a drawing; numbers are places on it, as text.</summary>
/// <param name="Kind">The class of the style sheet: found, missed, right, wrong.</param>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Caption">What stands at it; empty for none.</param>
/// <param name="TextY">The place of the caption's line.</param>
/// <param name="Text">What it says when pointed at.</param>
internal sealed record DrawnBox(string Kind, string X, string Y, string Width, string Height, string Caption, string TextY, string Text);
