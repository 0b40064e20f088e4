namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>
/// Averages the scores (probabilities, or numbers) of several fixed views of an image: a gain in accuracy for that many times the work. The
/// views are part of the exported network, so a saved model scores them too. Immutable.
/// </summary>
/// <remarks>
/// Crops differ if the image is resized to more than the network's input (<see cref="ImagePreprocessing.CropFraction"/> below 1); equal
/// views count as one.
/// </remarks>
public sealed record TestTimeAugmentation
{
    // Where a view lies in what the resized image is larger than the view, in halves: 0 is left or top, 1 the center, 2 right or bottom.
    private static readonly (int X, int Y)[] Center = [(1, 1)],
        CenterAndCorners = [(1, 1), (0, 0), (2, 0), (0, 2), (2, 2)];

    private readonly (int X, int Y)[] _places;
    private readonly bool _mirrored;

    private TestTimeAugmentation((int X, int Y)[] places, bool mirrored) => (_places, _mirrored) = (places, mirrored);

    /// <summary>The image and its mirror image.</summary>
    public static TestTimeAugmentation Flip { get; } = new(Center, mirrored: true);

    /// <summary>The four corners and the center of the resized image.</summary>
    public static TestTimeAugmentation FiveCrop { get; } = new(CenterAndCorners, mirrored: false);

    /// <summary>The four corners and the center of the resized image, and their mirror images (Krizhevsky et al., 2012).</summary>
    public static TestTimeAugmentation TenCrop { get; } = new(CenterAndCorners, mirrored: true);

    /// <summary>The number of views.</summary>
    public int Count => _places.Length * (_mirrored ? 2 : 1);

    /// <summary>The different views of a canvas: the position of each, and whether it is mirrored.</summary>
    internal (int Left, int Top, bool IsMirrored)[] ViewsOf(ImagePreprocessing preprocessing)
    {
        (int x, int y) = (preprocessing.CanvasWidth - preprocessing.Width, preprocessing.CanvasHeight - preprocessing.Height);
        IEnumerable<(int, int, bool)> plain = _places.Select(place => (place.X * x / 2, place.Y * y / 2, false));
        IEnumerable<(int, int, bool)> mirrored = _mirrored ? plain.Select(view => (view.Item1, view.Item2, true)) : [];
        return [.. plain.Concat(mirrored).Distinct()];
    }
}
