using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>An image with its labels: boxes around objects, a mask of classes, or both. Immutable.</summary>
/// <param name="Image">The image.</param>
public sealed record ImageSample(RasterImage Image)
{
    /// <summary>The boxes of the image's objects, in its pixels.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<ImageBox> Boxes { get; init; } = [];

    /// <summary>The class of each pixel, as a gray image of the image's size; 255 for pixels without a class.</summary>
    /// <value>The default is null: no mask.</value>
    public RasterImage? Mask { get; init; }

    /// <summary>For each box the parts of the object's outline, x and y in turn; null where only the box is known.</summary>
    internal IReadOnlyList<IReadOnlyList<float[]>?>? Polygons { get; init; }

    /// <summary>The mask's bytes; none without a mask.</summary>
    internal ReadOnlySpan<byte> MaskPlane => Mask is null ? default : Mask.Planes;

    /// <summary>A sample of what an augmentation left.</summary>
    internal static ImageSample Of(RasterImage image, BoxSet boxes, RasterImage? mask)
    {
        int[] all = [.. Enumerable.Range(0, boxes.Count)];
        return new ImageSample(image)
        {
            Boxes = [.. all.Select(i => boxes[i])],
            Polygons = [.. all.Select(boxes.PolygonsOf)],
            Mask = mask,
        };
    }

    /// <summary>Adds the boxes to a set.</summary>
    internal void AddTo(BoxSet boxes)
    {
        for (int i = 0; i < Boxes.Count; i++)
            boxes.Add(Boxes[i], Polygons?[i]);
    }

    /// <exception cref="ArgumentException">The mask does not fit to the image.</exception>
    internal void Check(string name)
    {
        if (Mask is { } mask && (mask.Channels != 1 || mask.Width != Image.Width || mask.Height != Image.Height))
            throw new ArgumentException(
                $"The mask is {mask}. Expected one channel and the image's {Image.Width} x {Image.Height} pixels.",
                name
            );
    }
}
