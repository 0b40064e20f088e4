namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>A decoded image.</summary>
/// <param name="Planes">[channels, Height, Width].</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record PlanarImage(byte[] Planes, int Width, int Height);
