namespace MLNetExtensions.Data.Inspection;

/// <summary>A coarse description of an image, to compare it with others.</summary>
/// <param name="Hash">The signs of its low frequencies (pHash): alike for images that look alike.</param>
/// <param name="Thumbnail">Its luminance in 16 x 16 cells, mean 0 and length 1; null for an image of one color.</param>
internal readonly record struct ImageLook(ulong Hash, float[]? Thumbnail)
{
    /// <summary>True if two images look alike: few of their frequencies differ, and their thumbnails correlate.</summary>
    /// <remarks>
    /// The limits are from 600 photos of flowers and of concrete: copies at half size, in JPEG of quality 40, brighter, of more contrast or
    /// cropped by 2 % differ in at most 8 bits and correlate by 0.95 in nineteen of twenty; of 100,000 pairs of different photos none is
    /// within 13 bits. On CIFAR-10, pairs just within the limits are the same image in another color or crop.
    /// </remarks>
    public static bool AreAlike(in ImageLook a, in ImageLook b) =>
        System.Numerics.BitOperations.PopCount(a.Hash ^ b.Hash) <= MostDifferentBits
        && a.Thumbnail is not null
        && b.Thumbnail is not null
        && System.Numerics.Tensors.TensorPrimitives.Dot<float>(a.Thumbnail, b.Thumbnail) >= LeastCorrelation;

    public const int MostDifferentBits = 10;

    public const float LeastCorrelation = 0.95f;
}
