namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>The edges of boxes as values that can be compared place by place.</summary>
/// <param name="Left">The left edges.</param>
/// <param name="Top">The upper edges.</param>
/// <param name="Right">The right edges.</param>
/// <param name="Bottom">The lower edges.</param>
internal sealed record BoxEdges(NetworkValue Left, NetworkValue Top, NetworkValue Right, NetworkValue Bottom)
{
    // Keeps quotients finite for boxes without area; in pixels.
    private const float Epsilon = 1e-3f;

    /// <summary>The edges of boxes that stand along an axis, the batch being 0.</summary>
    public static BoxEdges Of(NetworkValue boxes, int axis) =>
        new(boxes.Slice(axis, 0, 1), boxes.Slice(axis, 1, 2), boxes.Slice(axis, 2, 3), boxes.Slice(axis, 3, 4));

    public NetworkValue Width => Right.Minus(Left);

    public NetworkValue Height => Bottom.Minus(Top);

    /// <summary>Boxes that are at least so wide and high, around the same centers.</summary>
    public BoxEdges AtLeast(float size)
    {
        NetworkValue across = Width.Times(-1).Plus(size).AtLeast(0).Times(0.5f),
            down = Height.Times(-1).Plus(size).AtLeast(0).Times(0.5f);
        return new(Left.Minus(across), Top.Minus(down), Right + across, Bottom + down);
    }

    /// <summary>1 where a point lies within a box, and 0 elsewhere.</summary>
    public NetworkValue Holds(NetworkValue x, NetworkValue y) =>
        NetworkArithmetic.Where(NetworkArithmetic.Min(x.Minus(Left), Right.Minus(x), y.Minus(Top), Bottom.Minus(y)), "Greater", 0);

    /// <summary>The intersection over the union.</summary>
    public NetworkValue Iou(BoxEdges other)
    {
        NetworkValue across = NetworkArithmetic.Min(Right, other.Right).Minus(NetworkArithmetic.Max(Left, other.Left)).AtLeast(0),
            down = NetworkArithmetic.Min(Bottom, other.Bottom).Minus(NetworkArithmetic.Max(Top, other.Top)).AtLeast(0),
            both = across * down;
        return both.Over((Width * Height + other.Width * other.Height).Minus(both).AtLeast(Epsilon));
    }

    /// <summary>The complete IoU (arXiv 1911.08287): less by the distance of the centers and by the difference of the shapes.</summary>
    public NetworkValue CompleteIou(BoxEdges other)
    {
        NetworkValue iou = Iou(other);
        NetworkValue across = NetworkArithmetic.Max(Right, other.Right).Minus(NetworkArithmetic.Min(Left, other.Left)),
            down = NetworkArithmetic.Max(Bottom, other.Bottom).Minus(NetworkArithmetic.Min(Top, other.Top));
        NetworkValue x = (Left + Right).Minus(other.Left + other.Right),
            y = (Top + Bottom).Minus(other.Top + other.Bottom);
        NetworkValue distance = (x.Squared() + y.Squared()).Times(0.25f).Over((across.Squared() + down.Squared()).Plus(Epsilon));
        NetworkValue shape = Angle(this).Minus(Angle(other)).Squared().Times(4 / (MathF.PI * MathF.PI));
        NetworkValue weight = shape.Over(shape.Minus(iou).Plus(1 + Epsilon)).WithoutGradient(20);
        return iou.Minus(distance).Minus(shape * weight);
    }

    private static NetworkValue Angle(BoxEdges box) => box.Width.AtLeast(Epsilon).Over(box.Height.AtLeast(Epsilon)).Map("Atan");
}
