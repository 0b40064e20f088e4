namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Geometric operations that are resampled together: where in the source each pixel of the output lies, how much of the source may be seen,
/// and what is beyond. A step that this cannot express together with those before says so, and starts another one.
/// </summary>
internal struct Geometry(int width, int height)
{
    /// <summary>The source's size.</summary>
    public readonly int SourceWidth = width,
        SourceHeight = height;

    /// <summary>The output's size.</summary>
    public int Width = width,
        Height = height;

    /// <summary>Output to source.</summary>
    public Homography Map = Homography.Identity;

    /// <summary>The window of the source that was cropped to; beyond it is border.</summary>
    public double Left,
        Top,
        Right = width,
        Bottom = height;

    /// <summary>The pixels shown beyond the window.</summary>
    public BorderMode Border;

    /// <summary>The gray level beyond the window for <see cref="BorderMode.Constant"/>.</summary>
    public byte Fill;

    private bool _hasBorder;

    // A crop of a turned image cannot be expressed as a window of the source: what comes after must not look beyond the output.
    private bool _isClosed;

    // The pixels that a crop shows beyond the edge come from the whole image, which a later crop must not make smaller.
    private bool _isClosedToCrops;

    /// <summary>True if the geometry changes nothing.</summary>
    public readonly bool IsIdentity => Map == Homography.Identity && Width == SourceWidth && Height == SourceHeight;

    /// <summary>Keeps a rectangle, which may reach beyond the image.</summary>
    public bool TryCrop(int left, int top, int width, int height, BorderMode border, byte fill)
    {
        if (_isClosedToCrops)
            return false;
        bool reachesOut = left < 0 || top < 0 || left + width > Width || top + height > Height;
        if (reachesOut && !TryShowBorder(border, fill))
            return false;
        if (reachesOut && border != BorderMode.Constant)
        {
            _isClosed = _isClosedToCrops = true;
        }
        else if (Map.KeepsAxes || Map.SwapsAxes)
        {
            (double x0, double y0) = Map.Map(left, top);
            (double x1, double y1) = Map.Map(left + width, top + height);
            (Left, Right) = (Math.Max(Left, Math.Min(x0, x1)), Math.Min(Right, Math.Max(x0, x1)));
            (Top, Bottom) = (Math.Max(Top, Math.Min(y0, y1)), Math.Min(Bottom, Math.Max(y0, y1)));
        }
        else
        {
            _isClosed = true;
        }
        Map = Map.After(Homography.Translation(left, top));
        (Width, Height) = (width, height);
        return true;
    }

    /// <summary>Resizes the whole output; never shows anything new.</summary>
    public void Resize(int width, int height)
    {
        Map = Map.After(Homography.Scaling((double)Width / width, (double)Height / height));
        (Width, Height) = (width, height);
    }

    public void FlipHorizontally() => Map = Map.After(new Homography(-1, 0, Width, 0, 1, 0));

    public void FlipVertically() => Map = Map.After(new Homography(1, 0, 0, 0, -1, Height));

    /// <summary>A quarter turn against the clock.</summary>
    public void Rotate90()
    {
        Map = Map.After(new Homography(0, -1, Width, 1, 0, 0));
        (Width, Height) = (Height, Width);
    }

    /// <summary>Any map at the same size.</summary>
    /// <param name="toInput">The map from pixels of the new image to those of the current one.</param>
    /// <param name="border">The pixels beyond the image.</param>
    /// <param name="fill">The gray level for <see cref="BorderMode.Constant"/>.</param>
    public bool TryTransform(in Homography toInput, BorderMode border, byte fill)
    {
        if (!TryShowBorder(border, fill))
            return false;
        Map = Map.After(toInput);
        return true;
    }

    /// <summary>
    /// Finds the part of the output that shows the window, where rows stay rows and one gray level is beyond: the pixels whose centers lie
    /// in the window.
    /// </summary>
    /// <param name="part">The geometry of that part alone.</param>
    /// <param name="left">The part's first column.</param>
    /// <param name="top">The part's first row.</param>
    public readonly bool TryWindow(out Geometry part, out int left, out int top)
    {
        (part, left, top) = (this, 0, 0);
        if (Border != BorderMode.Constant || !(Map.KeepsAxes || Map.SwapsAxes))
            return false;
        Homography toOutput = Map.Inverse();
        (double x0, double y0) = toOutput.Map(Left, Top);
        (double x1, double y1) = toOutput.Map(Right, Bottom);
        (left, top) = (Edge(Math.Min(x0, x1), Width), Edge(Math.Min(y0, y1), Height));
        part.Map = Map.After(Homography.Translation(left, top));
        (part.Width, part.Height) = (Edge(Math.Max(x0, x1), Width) - left, Edge(Math.Max(y0, y1), Height) - top);
        return part.Width > 0 && part.Height > 0;

        static int Edge(double position, int side) => (int)Math.Ceiling(Math.Clamp(position, 0, side) - 0.5);
    }

    /// <summary>The factor by which the source may be decoded smaller and still have a pixel for each output pixel: 1, 2, 4 or 8.</summary>
    public readonly int Reduction
    {
        get
        {
            if (!Map.IsAffine)
                return 1;
            double step = Math.Min(double.Hypot(Map.Xx, Map.Yx), double.Hypot(Map.Xy, Map.Yy));
            return step >= 8 ? 8
                : step >= 4 ? 4
                : step >= 2 ? 2
                : 1;
        }
    }

    /// <summary>The same for a source that was decoded in part, maybe at a smaller size.</summary>
    /// <param name="wholeWidth">The width of the whole source at that size.</param>
    /// <param name="wholeHeight">The height of the whole source at that size.</param>
    /// <param name="left">The part's first column.</param>
    /// <param name="top">The part's first row.</param>
    /// <param name="width">The part's width.</param>
    /// <param name="height">The part's height.</param>
    public readonly Geometry In(int wholeWidth, int wholeHeight, int left, int top, int width, int height)
    {
        (double scaleX, double scaleY) = ((double)wholeWidth / SourceWidth, (double)wholeHeight / SourceHeight);
        return new Geometry(width, height)
        {
            Width = Width,
            Height = Height,
            Map = new Homography(scaleX, 0, -left, 0, scaleY, -top).After(Map),
            Left = Math.Max(0, (Left * scaleX) - left),
            Top = Math.Max(0, (Top * scaleY) - top),
            Right = Math.Min(width, (Right * scaleX) - left),
            Bottom = Math.Min(height, (Bottom * scaleY) - top),
            Border = Border,
            Fill = Fill,
        };
    }

    private bool TryShowBorder(BorderMode border, byte fill)
    {
        if (_isClosed || (_hasBorder && (border != Border || fill != Fill)))
            return false;
        (_hasBorder, Border, Fill) = (true, border, fill);
        return true;
    }
}
