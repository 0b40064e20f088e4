namespace MLNetExtensions.Data.Boxes;

/// <summary>A category of a <see cref="CocoFile"/>.</summary>
internal sealed record CocoCategory(long? Id, string? Name);
