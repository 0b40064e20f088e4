using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Mixing;

/// <summary>
/// Puts four images around a random center (Bochkovskiy et al., YOLOv4, arXiv 2004.10934): more and smaller objects in new surroundings.
/// The result has the network's input size.
/// </summary>
/// <remarks>
/// Each image is scaled by itself, with its aspect, and touches the center with a corner; what reaches beyond its quarter is cut off. At
/// scale 1 that is the middle of YOLO's canvas of twice the size.
/// </remarks>
public sealed record Mosaic : SampleMixing
{
    /// <summary>The smallest place of the center, as a fraction of the width and of the height.</summary>
    /// <value>The default is 0.25.</value>
    public float MinCenter { get; init; } = 0.25f;

    /// <summary>The largest place of the center.</summary>
    /// <value>The default is 0.75.</value>
    public float MaxCenter { get; init; } = 0.75f;

    /// <summary>The smallest size of an image; at 1 it just fits the network's input.</summary>
    /// <value>The default is 0.5.</value>
    public float MinScale { get; init; } = 0.5f;

    /// <summary>The largest size of an image.</summary>
    /// <value>The default is 1.</value>
    public float MaxScale { get; init; } = 1;

    /// <summary>The gray level of what no image covers.</summary>
    /// <value>The default is 114.</value>
    public byte Fill { get; init; } = LabeledAugmenter.DefaultFill;

    internal override int Others => 3;

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.InRange(MinCenter, 0, 1);
        checks.InRange(MaxCenter, 0, 1);
        checks.InRange(MinScale, 0.05f, 20);
        checks.InRange(MaxScale, 0.05f, 20);
        checks.Ordered(MinCenter, MaxCenter);
        checks.Ordered(MinScale, MaxScale);
    }

    internal override ImageSample Mix(
        DrawKey key,
        ImageSample sample,
        IReadOnlyList<ImageSample> others,
        int width,
        int height,
        MixingWorkspace work
    )
    {
        var canvas = new MixingCanvas(width, height, sample.Image.Channels, Fill, sample.Mask is not null);
        KeyedRandom random = key.Open();
        int centerX = (int)Math.Round(width * random.Uniform((double)MinCenter, MaxCenter)),
            centerY = (int)Math.Round(height * random.Uniform((double)MinCenter, MaxCenter));
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ImageSample part = quarter == 0 ? sample : others[quarter - 1];
            double scale = random.Uniform((double)MinScale, MaxScale);
            (bool isLeft, bool isUpper) = (quarter % 2 == 0, quarter < 2);
            (int left, int right) = isLeft ? (0, centerX) : (centerX, width);
            (int top, int bottom) = isUpper ? (0, centerY) : (centerY, height);
            if (right == left || bottom == top)
                continue;
            scale *= Math.Min((double)width / part.Image.Width, (double)height / part.Image.Height);
            int scaledWidth = Math.Max(1, (int)Math.Round(part.Image.Width * scale)),
                scaledHeight = Math.Max(1, (int)Math.Round(part.Image.Height * scale));
            work.Plan.Begin(part.Image.Width, part.Image.Height, right - left, bottom - top);
            work.Plan.Resize(scaledWidth, scaledHeight);
            work.Plan.Crop(
                isLeft ? scaledWidth - (right - left) : 0,
                isUpper ? scaledHeight - (bottom - top) : 0,
                right - left,
                bottom - top,
                BorderMode.Constant,
                Fill
            );
            canvas.Place(part, left, top, MinimumVisibility, work);
        }
        return canvas.ToSample();
    }
}
