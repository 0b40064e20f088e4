namespace MLNetExtensions.Reports.Rendering;

/// <summary>A row that is listed with its image.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Name">The image's file name, or the row's number.</param>
/// <param name="Path">The image's path, or the row's number.</param>
/// <param name="Source">The image as a data URI; null where there is none.</param>
/// <param name="Width">The image's width in pixels.</param>
/// <param name="Height">The image's height in pixels.</param>
/// <param name="Problem">Why the image cannot be read; null if it can.</param>
/// <param name="Actual">The label.</param>
/// <param name="Predicted">The prediction.</param>
/// <param name="Detail">How far off the prediction is.</param>
internal sealed record RowCard(
    int Row,
    string Name,
    string Path,
    string? Source,
    int Width,
    int Height,
    string? Problem,
    string Actual,
    string Predicted,
    string Detail
);
