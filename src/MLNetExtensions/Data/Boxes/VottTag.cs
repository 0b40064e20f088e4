namespace MLNetExtensions.Data.Boxes;

/// <summary>A class of a <see cref="VottFile"/>.</summary>
internal sealed record VottTag(string? Name);
