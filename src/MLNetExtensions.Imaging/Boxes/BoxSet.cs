namespace MLNetExtensions.Imaging.Boxes;

/// <summary>
/// The boxes of one image while it is augmented, with the polygons of those that have some. Filled by <see cref="Add"/>, changed in place,
/// reused from image to image; not thread-safe.
/// </summary>
internal sealed class BoxSet
{
    private readonly List<(ImageBox Box, int Origin, IReadOnlyList<float[]>? Polygons)> _items = [];
    private readonly List<int> _dropped = [];
    private int _added;

    /// <summary>The number of boxes.</summary>
    public int Count => _items.Count;

    /// <summary>The boxes that are no longer there: which of the added ones, from 0.</summary>
    public IReadOnlyList<int> Dropped => _dropped;

    /// <summary>A box.</summary>
    public ImageBox this[int index] => _items[index].Box;

    /// <summary>The place of a box among the added ones, from 0.</summary>
    public int OriginOf(int index) => _items[index].Origin;

    /// <summary>The parts of an object's outline, each x and y of its points in turn; null where only the box is known.</summary>
    public IReadOnlyList<float[]>? PolygonsOf(int index) => _items[index].Polygons;

    /// <summary>Takes all boxes out.</summary>
    public void Clear()
    {
        _items.Clear();
        _dropped.Clear();
        _added = 0;
    }

    /// <summary>Adds a box.</summary>
    /// <param name="box">The box, in the image's pixels.</param>
    /// <param name="polygons">The parts of its outline, as COCO has them: x and y of the points in turn. Then the box of a turned image
    /// is that of the turned outline, not that of the turned box.</param>
    public void Add(in ImageBox box, IReadOnlyList<float[]>? polygons = null) => _items.Add((box, _added++, polygons));

    /// <summary>Moves a box.</summary>
    public void Set(int index, in ImageBox box, IReadOnlyList<float[]>? polygons) => _items[index] = (box, _items[index].Origin, polygons);

    /// <summary>Takes a box out and notes it as <see cref="Dropped"/>.</summary>
    public void DropAt(int index)
    {
        _dropped.Add(_items[index].Origin);
        _items.RemoveAt(index);
    }
}
