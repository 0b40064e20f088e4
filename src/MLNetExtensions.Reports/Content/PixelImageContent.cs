namespace MLNetExtensions.Reports.Content;

/// <summary>An image with wrong pixels.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Image">The image's path, as the data have it; null without paths.</param>
/// <param name="WrongFraction">The fraction of its pixels, of those that count, that is wrong.</param>
/// <param name="Actual">The class of which most pixels are wrong.</param>
/// <param name="Predicted">The class that most of those are taken for.</param>
internal sealed record PixelImageContent(int Row, string? Image, double WrongFraction, string Actual, string Predicted);
