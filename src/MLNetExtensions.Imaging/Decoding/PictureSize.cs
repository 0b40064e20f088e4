namespace MLNetExtensions.Imaging.Decoding;

/// <summary>The size of a picture in pixels.</summary>
internal readonly record struct PictureSize(int Width, int Height);

/// <summary>What is known of a picture that was decoded.</summary>
/// <param name="Size">Its size as it was, upright; nothing where it came from a cache.</param>
/// <param name="Key">What it is found by in the cache; null without one.</param>
internal readonly record struct DecodedPicture(PictureSize Size, DecodedPictureCache.Key? Key);
