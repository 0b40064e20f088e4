namespace MLNetExtensions.Imaging.Decoding;

/// <summary>The size of an image in pixels.</summary>
internal readonly record struct ImageSize(int Width, int Height);
