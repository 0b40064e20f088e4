namespace MLNetExtensions.Imaging.Boxes;

/// <summary>
/// The box of an object in an image, in pixels from the upper left corner: the first pixel reaches from 0 to 1, so a box around the whole
/// image is 0, 0, width, height.
/// </summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
/// <param name="Class">The object's class, from 0. The default is 0.</param>
/// <param name="IsCrowd">True for a box around many objects of the class (COCO's iscrowd). The default is false.</param>
public readonly record struct ImageBox(float Left, float Top, float Right, float Bottom, int Class = 0, bool IsCrowd = false)
{
    /// <summary>The width in pixels.</summary>
    public float Width => Right - Left;

    /// <summary>The height in pixels.</summary>
    public float Height => Bottom - Top;

    /// <summary>The area in square pixels; 0 for a box whose edges are swapped.</summary>
    public float Area => Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>The intersection's part of the union of both areas (IoU), 0 to 1; 0 where neither has an area.</summary>
    /// <param name="other">The other box.</param>
    public float IntersectionOverUnion(in ImageBox other)
    {
        float shared =
            Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
            * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
        float union = Area + other.Area - shared;
        return union > 0 ? shared / union : 0;
    }
}
