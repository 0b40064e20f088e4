namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of one class for every pixel.</summary>
internal sealed record PixelBaselineContent(string Class, double PixelAccuracy, double MeanIoU);
