namespace MLNetExtensions.Reports.Content;

/// <summary>An image that should be shown and cannot be read.</summary>
internal sealed record InvalidImageContent(int Row, string? Image, string Reason);
