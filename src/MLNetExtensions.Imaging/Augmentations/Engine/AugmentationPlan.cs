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

    /// <summary>Starts a new plan.</summary>
    public void Begin(int width, int height, int targetWidth, int targetHeight)
    {
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

    /// <summary>Ends the plan: an image of another shape is brought to the target's.</summary>
    /// <param name="fit">The way there.</param>
    /// <param name="fill">The gray level beside a letterboxed image.</param>
    public void End(ImageResizeMode fit, byte fill)
    {
        if (Width == TargetWidth && Height == TargetHeight)
            return;
        var place = Letterbox.Of(Width, Height, TargetWidth, TargetHeight, fit);
        // Truncated sides may leave a column or row of what is to be covered.
        bool covers = fit == ImageResizeMode.CropCenter;
        Resize(covers ? Math.Max(TargetWidth, place.Width) : place.Width, covers ? Math.Max(TargetHeight, place.Height) : place.Height);
        (int left, int top) = covers ? ((TargetWidth - Width) / 2, (TargetHeight - Height) / 2) : (place.Left, place.Top);
        if (Width != TargetWidth || Height != TargetHeight)
            Crop(-left, -top, TargetWidth, TargetHeight, BorderMode.Constant, fill);
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
