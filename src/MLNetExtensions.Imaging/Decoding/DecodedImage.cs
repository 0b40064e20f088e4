namespace MLNetExtensions.Imaging.Decoding;

/// <summary>An image that was decoded: its original size and its key in the cache.</summary>
/// <param name="Size">Its original size, upright; empty if it came from a cache.</param>
/// <param name="Key">Its key in the cache; null without one.</param>
internal readonly record struct DecodedImage(ImageSize Size, DecodedImageCache.Key? Key);
