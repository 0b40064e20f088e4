namespace MLNetExtensions.Data.Boxes;

/// <summary>An image of a <see cref="CocoFile"/>.</summary>
internal sealed record CocoImage(long? Id, string? FileName, double Width, double Height);
