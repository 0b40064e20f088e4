namespace MLNetExtensions.Reports.Content;

/// <summary>An image with missed objects or wrong boxes.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Image">The image's path, as the data have it; null without paths.</param>
/// <param name="Missed">The number of objects without a right box.</param>
/// <param name="Wrong">The number of wrong boxes.</param>
/// <param name="Boxes">The objects and the boxes.</param>
internal sealed record ObjectImageContent(int Row, string? Image, int Missed, int Wrong, IReadOnlyList<BoxContent> Boxes);
