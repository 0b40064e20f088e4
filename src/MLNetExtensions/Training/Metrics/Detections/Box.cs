namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>A box with COCO's measures.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Area => (Right - Left) * (Bottom - Top);

    public static Box At(float[] boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);

    /// <summary>The intersection over the union with an object; over this box alone where the object is a crowd.</summary>
    public double OverlapWith(Box other, bool isCrowd)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left),
            height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
            return 0;
        double both = width * height;
        return both / (isCrowd ? Area : Area + other.Area - both);
    }
}
