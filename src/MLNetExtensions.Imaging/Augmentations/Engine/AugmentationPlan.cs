using System.Runtime.InteropServices;
using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// The plan for one image: the result of the random draws. It needs no pixels, so it can be made before the image is decoded. Reused
/// from image to image; not thread-safe.
/// </summary>
internal sealed class AugmentationPlan
{
    private readonly List<PlannedStep> _steps = [];
    private int _firstWidth;
    private int _firstHeight;
    private BoxSet? _boxes;
    private MovedBoxes? _moved;

    /// <summary>The size that the network takes, and the default size of crops that resize.</summary>
    public int TargetWidth { get; private set; }

    /// <inheritdoc cref="TargetWidth"/>
    public int TargetHeight { get; private set; }

    /// <summary>The image's width after the steps so far.</summary>
    public int Width { get; private set; }

    /// <summary>The image's height after the steps so far.</summary>
    public int Height { get; private set; }

    /// <summary>The steps.</summary>
    public ReadOnlySpan<PlannedStep> Steps => CollectionsMarshal.AsSpan(_steps);

    /// <summary>The geometry that comes first; one that changes nothing where pixels are changed first.</summary>
    public Geometry FirstGeometry => StartsWithGeometry ? _steps[0].Geometry : new Geometry(_firstWidth, _firstHeight);

    /// <summary>True if the first step is geometric.</summary>
    public bool StartsWithGeometry => _steps.Count > 0 && _steps[0].Operation is null;

    /// <summary>The image's boxes after the steps so far, all that are still visible; null where none are known.</summary>
    /// <returns>Valid until the next call.</returns>
    public BoxSet? BoxesSoFar() => _boxes is null ? null : (_moved ??= new MovedBoxes()).Of(this, _boxes);

    /// <summary>Starts a new plan.</summary>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="targetWidth">The width that the network takes.</param>
    /// <param name="targetHeight">The height that the network takes.</param>
    /// <param name="boxes">The image's boxes, for operations that look at them; null for none.</param>
    public void Begin(int width, int height, int targetWidth, int targetHeight, BoxSet? boxes = null)
    {
        _boxes = boxes;
        _steps.Clear();
        (_firstWidth, _firstHeight) = (width, height);
        (Width, Height, TargetWidth, TargetHeight) = (width, height, targetWidth, targetHeight);
    }

    /// <summary>
    /// Ends the plan: an image that covers the target is cropped at its center, as without augmentation; any other is resized.
    /// </summary>
    public void End()
    {
        if (Width == TargetWidth && Height == TargetHeight)
            return;
        if (Width >= TargetWidth && Height >= TargetHeight)
            Crop((Width - TargetWidth) / 2, (Height - TargetHeight) / 2, TargetWidth, TargetHeight);
        else
            Resize(TargetWidth, TargetHeight);
    }

    /// <summary>Brings an image of another shape to a size.</summary>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="mode">The way there.</param>
    /// <param name="fill">The gray level beside a letterboxed image.</param>
    public void Fit(int width, int height, ImageResizeMode mode, byte fill)
    {
        if (Width == width && Height == height)
            return;
        var place = Letterbox.Of(Width, Height, width, height, mode);
        // Truncated sides may leave a column or row of what is to be covered.
        bool covers = mode == ImageResizeMode.CropCenter;
        // A long, thin image keeps a pixel here.
        Resize(Math.Max(covers ? width : 1, place.Width), Math.Max(covers ? height : 1, place.Height));
        (int left, int top) = covers ? ((width - Width) / 2, (height - Height) / 2) : (place.Left, place.Top);
        if (Width != width || Height != height)
            Crop(-left, -top, width, height, BorderMode.Constant, fill);
    }

    /// <summary>Adds an operation on pixels.</summary>
    public void Add(IPixelOperation operation, DrawKey key, params ReadOnlySpan<float> values) =>
        _steps.Add(
            new PlannedStep
            {
                Operation = operation,
                Key = key,
                Values = DrawnValues.Of(values),
            }
        );

    /// <summary>Keeps a rectangle, which may reach beyond the image.</summary>
    public void Crop(int left, int top, int width, int height, BorderMode border = BorderMode.Constant, byte fill = 0)
    {
        if (!CurrentGeometry().TryCrop(left, top, width, height, border, fill))
            NewGeometry().TryCrop(left, top, width, height, border, fill);
        (Width, Height) = (width, height);
    }

    /// <summary>Resizes, each side by itself.</summary>
    public void Resize(int width, int height)
    {
        CurrentGeometry().Resize(width, height);
        (Width, Height) = (width, height);
    }

    public void FlipHorizontally() => CurrentGeometry().FlipHorizontally();

    public void FlipVertically() => CurrentGeometry().FlipVertically();

    /// <summary>Turns by quarters against the clock.</summary>
    public void Rotate90(int quarters)
    {
        for (int i = 0; i < (quarters & 3); i++)
        {
            CurrentGeometry().Rotate90();
            (Width, Height) = (Height, Width);
        }
    }

    /// <summary>Moves the pixels of the image, whose size stays.</summary>
    /// <param name="toInput">The map from each pixel to its source.</param>
    /// <param name="border">The pixels beyond the image.</param>
    /// <param name="fill">The gray level for <see cref="BorderMode.Constant"/>.</param>
    public void Transform(in Homography toInput, BorderMode border = BorderMode.Constant, byte fill = 0)
    {
        if (!CurrentGeometry().TryTransform(toInput, border, fill))
            NewGeometry().TryTransform(toInput, border, fill);
    }

    private ref Geometry CurrentGeometry() =>
        ref _steps.Count > 0 && _steps[^1].Operation is null ? ref CollectionsMarshal.AsSpan(_steps)[^1].Geometry : ref NewGeometry();

    private ref Geometry NewGeometry()
    {
        _steps.Add(new PlannedStep { Geometry = new Geometry(Width, Height) });
        return ref CollectionsMarshal.AsSpan(_steps)[^1].Geometry;
    }
}
