using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Data.Boxes;

/// <summary>An image and its objects.</summary>
/// <param name="Path">The image's file.</param>
/// <param name="Boxes">Its objects; none for an image of background.</param>
internal sealed record LabeledImage(string Path, IReadOnlyList<ImageBox> Boxes)
{
    /// <summary>Its mask; null where masks are not read.</summary>
    public SegmentMask? Mask { get; init; }
}
