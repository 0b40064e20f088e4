namespace MLNetExtensions.Data.Boxes;

/// <summary>An object of a <see cref="VottImage"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">Its classes.</param>
/// <param name="BoundingBox">Its box, also of a polygon.</param>
internal sealed record VottRegion(string? Id, IReadOnlyList<string>? Tags, VottBox? BoundingBox);
