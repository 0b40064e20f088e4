namespace MLNetExtensions.Reports.Content;

/// <summary>The images of the HTML file.</summary>
internal sealed record ImagesContent(int Shown, int LeftOut, IReadOnlyList<InvalidImageContent> Invalid);
