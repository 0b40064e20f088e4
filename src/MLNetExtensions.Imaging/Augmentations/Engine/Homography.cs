namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// A projective map of the plane, x' = (Xx x + Xy y + X) / (Wx x + Wy y + 1) and so on, in continuous coordinates: pixel (0, 0) covers 0..1
/// and its center is (0.5, 0.5).
/// </summary>
internal readonly record struct Homography(double Xx, double Xy, double X, double Yx, double Yy, double Y, double Wx = 0, double Wy = 0)
{
    public static Homography Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>True if parallel lines stay parallel.</summary>
    public bool IsAffine => Wx == 0 && Wy == 0;

    /// <summary>True if rows stay rows and columns stay columns: shifts, scalings and mirror images.</summary>
    public bool KeepsAxes => IsAffine && Xy == 0 && Yx == 0;

    /// <summary>True if rows become columns and columns become rows: quarter turns.</summary>
    public bool SwapsAxes => IsAffine && Xx == 0 && Yy == 0;

    public static Homography Translation(double x, double y) => new(1, 0, x, 0, 1, y);

    public static Homography Scaling(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>An affine map about a point instead of the origin.</summary>
    public static Homography About(double x, double y, double xx, double xy, double yx, double yy) =>
        new(xx, xy, x - (xx * x) - (xy * y), yx, yy, y - (yx * x) - (yy * y));

    /// <summary>The map that takes the corners (0, 0), (width, 0), (width, height), (0, height) to four points.</summary>
    /// <param name="width">The rectangle's width.</param>
    /// <param name="height">The rectangle's height.</param>
    /// <param name="points">x and y of the four points, no three on a line.</param>
    public static Homography ToQuadrilateral(double width, double height, ReadOnlySpan<double> points)
    {
        // Heckbert, Fundamentals of Texture Mapping and Image Warping (1989), section 2.2.3.
        (double x0, double y0, double x1, double y1) = (points[0], points[1], points[2], points[3]);
        (double x2, double y2, double x3, double y3) = (points[4], points[5], points[6], points[7]);
        (double dx1, double dx2, double sumX) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        (double dy1, double dy2, double sumY) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        double determinant = (dx1 * dy2) - (dx2 * dy1);
        double g = ((sumX * dy2) - (dx2 * sumY)) / determinant,
            h = ((dx1 * sumY) - (sumX * dy1)) / determinant;
        return new Homography(
            (x1 - x0 + (g * x1)) / width,
            (x3 - x0 + (h * x3)) / height,
            x0,
            (y1 - y0 + (g * y1)) / width,
            (y3 - y0 + (h * y3)) / height,
            y0,
            g / width,
            h / height
        );
    }

    /// <summary>First <paramref name="inner"/>, then this.</summary>
    public Homography After(in Homography inner)
    {
        double w = (Wx * inner.X) + (Wy * inner.Y) + 1;
        return new Homography(
            ((Xx * inner.Xx) + (Xy * inner.Yx) + (X * inner.Wx)) / w,
            ((Xx * inner.Xy) + (Xy * inner.Yy) + (X * inner.Wy)) / w,
            ((Xx * inner.X) + (Xy * inner.Y) + X) / w,
            ((Yx * inner.Xx) + (Yy * inner.Yx) + (Y * inner.Wx)) / w,
            ((Yx * inner.Xy) + (Yy * inner.Yy) + (Y * inner.Wy)) / w,
            ((Yx * inner.X) + (Yy * inner.Y) + Y) / w,
            ((Wx * inner.Xx) + (Wy * inner.Yx) + inner.Wx) / w,
            ((Wx * inner.Xy) + (Wy * inner.Yy) + inner.Wy) / w
        );
    }

    /// <summary>The map back.</summary>
    public Homography Inverse()
    {
        // The adjugate, scaled so that its last entry is 1.
        double last = (Xx * Yy) - (Xy * Yx);
        return new Homography(
            (Yy - (Y * Wy)) / last,
            ((X * Wy) - Xy) / last,
            ((Xy * Y) - (X * Yy)) / last,
            ((Y * Wx) - Yx) / last,
            (Xx - (X * Wx)) / last,
            ((X * Yx) - (Xx * Y)) / last,
            ((Yx * Wy) - (Yy * Wx)) / last,
            ((Xy * Wx) - (Xx * Wy)) / last
        );
    }

    public (double X, double Y) Map(double x, double y)
    {
        double w = (Wx * x) + (Wy * y) + 1;
        return (((Xx * x) + (Xy * y) + X) / w, ((Yx * x) + (Yy * y) + Y) / w);
    }
}
