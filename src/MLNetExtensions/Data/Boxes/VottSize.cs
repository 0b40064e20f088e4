namespace MLNetExtensions.Data.Boxes;

/// <summary>The size of a <see cref="VottAsset"/> in pixels.</summary>
internal sealed record VottSize(double Width, double Height);
