using MLNetExtensions.Data.Masks;

namespace MLNetExtensions.Data.Boxes;

/// <summary>An object of a <see cref="CocoFile"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ImageId">The image's id.</param>
/// <param name="CategoryId">The category's id.</param>
/// <param name="Bbox">Left, top, width, height in pixels.</param>
/// <param name="Iscrowd">1 for a box around many objects, else 0.</param>
/// <param name="Segmentation">Its outline; null unless outlines are read.</param>
internal sealed record CocoAnnotation(
    long? Id,
    long? ImageId,
    long? CategoryId,
    IReadOnlyList<double>? Bbox,
    int Iscrowd = 0,
    CocoSegmentation? Segmentation = null
);
