namespace MLNetExtensions.Reports.Rendering;

/// <summary>A row as the page shows it.</summary>
/// <param name="Name">The image's file name, or the row's number.</param>
/// <param name="Path">The image's path, or the row's number.</param>
/// <param name="Text">What the model says of it.</param>
/// <param name="Source">The image as a data URI; null where it cannot be read, was left out, or stands among the worst mistakes.</param>
/// <param name="Problem">Why there is no image; null if there is one.</param>
internal sealed record ShownRow(string Name, string Path, string Text, string? Source, string? Problem);
