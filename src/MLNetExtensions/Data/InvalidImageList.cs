using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data;

/// <summary>The images that are left out, up to a limit.</summary>
/// <param name="limit">MaxInvalidImages: how many may be left out.</param>
internal sealed class InvalidImageList(int limit)
{
    private readonly List<InvalidImage> _images = [];

    /// <summary>The images that were left out.</summary>
    public IReadOnlyList<InvalidImage> Images => _images;

    /// <summary>Leaves one more out.</summary>
    /// <exception cref="InvalidImageException">It is one too many.</exception>
    public void Add(InvalidImageException bad)
    {
        _images.Add(new InvalidImage(bad.Row, bad.Path, bad.Reason));
        if (limit == 0)
            throw bad;
        if (_images.Count > limit)
            throw new InvalidImageException([.. _images], limit, bad);
    }
}
