namespace MLNetExtensions.Data.Boxes;

/// <summary>An image of a <see cref="VottFile"/> and its objects.</summary>
internal sealed record VottImage(VottAsset? Asset, IReadOnlyList<VottRegion>? Regions);
