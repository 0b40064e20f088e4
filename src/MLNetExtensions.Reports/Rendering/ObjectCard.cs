namespace MLNetExtensions.Reports.Rendering;

/// <summary>An image with objects and boxes drawn over it.</summary>
/// <param name="Picture">The image.</param>
/// <param name="ViewWidth">The width of the image in the boxes' pixels.</param>
/// <param name="ViewHeight">Its height in them.</param>
/// <param name="TextSize">The size of the boxes' captions in them.</param>
/// <param name="Boxes">The boxes.</param>
internal sealed record ObjectCard(RowCard Picture, int ViewWidth, int ViewHeight, string TextSize, IReadOnlyList<DrawnBox> Boxes);
