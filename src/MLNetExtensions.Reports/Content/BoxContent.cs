namespace MLNetExtensions.Reports.Content;

/// <summary>An object or a found box, in pixels of the image.</summary>
/// <param name="Kind"><c>found</c> or <c>missed</c> for objects, <c>right</c> or <c>wrong</c> for boxes.</param>
/// <param name="Label">Its class.</param>
/// <param name="Score">The score of a box; null for objects.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
internal sealed record BoxContent(string Kind, string Label, double? Score, double Left, double Top, double Right, double Bottom);
