namespace MLNetExtensions.Data.Boxes;

/// <summary>The box of a <see cref="VottRegion"/> in pixels.</summary>
internal sealed record VottBox(double? Left, double? Top, double? Width, double? Height);
