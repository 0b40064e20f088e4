namespace MLNetExtensions.Reports.Images;

/// <summary>The image of a row, small.</summary>
/// <param name="Path">The image's path as the data have it; null without paths.</param>
/// <param name="Source">The image as a data URI; null where there is none.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Problem">Why the image cannot be read; null if it can, or if it was not asked for.</param>
internal sealed record Thumbnail(string? Path, string? Source = null, int Width = 0, int Height = 0, string? Problem = null)
{
    /// <summary>The width of the image itself.</summary>
    public int FullWidth { get; init; }

    /// <summary>The height of the image itself.</summary>
    public int FullHeight { get; init; }
}
