using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data;

/// <summary>The pictures that are left out, up to a limit.</summary>
/// <param name="limit">MaxBadImages: how many may be left out.</param>
internal sealed class BadImageList(int limit)
{
    private readonly List<BadImage> _images = [];

    /// <summary>The pictures that were left out.</summary>
    public IReadOnlyList<BadImage> Images => _images;

    /// <summary>Leaves one more out.</summary>
    /// <exception cref="BadImageException">It is one too many.</exception>
    public void Add(BadImageException bad)
    {
        _images.Add(new BadImage(bad.Row, bad.Path, bad.Reason));
        if (limit == 0)
            throw bad;
        if (_images.Count > limit)
            throw new BadImageException([.. _images], limit, bad);
    }
}
