using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Mixing;

/// <summary>
/// Lays two letterboxed images over each other, and keeps the boxes of both (Zhang et al., Bag of Freebies for Training Object Detection,
/// arXiv 1902.04103). The result has the network's input size. Not for masks: a pixel would have two classes.
/// </summary>
public sealed record BoxMixup : SampleMixing
{
    /// <summary>The parameter of Beta(Alpha, Alpha), from which the weight is drawn; large values mix evenly.</summary>
    /// <value>The default is 32, YOLO's.</value>
    public float Alpha { get; init; } = 32;

    /// <summary>The gray level beside the images.</summary>
    /// <value>The default is 114.</value>
    public byte Fill { get; init; } = LabeledAugmenter.DefaultFill;

    internal override int Others => 1;

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha);
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
        if (sample.Mask is not null)
            throw new ArgumentException(
                "BoxMixup lays images over each other, which masks cannot be: leave the masks out, or use Mosaic or CopyPaste.",
                nameof(sample)
            );
        var canvas = new MixingCanvas(width, height, sample.Image.Channels, Fill, hasMask: false);
        Place(sample);
        byte[] first = [.. canvas.Planes];
        Place(others[0]);
        int share = (int)Math.Round(256 * key.Open().Beta(Alpha, Alpha));
        Span<byte> planes = canvas.Planes;
        for (int i = 0; i < planes.Length; i++)
            planes[i] = (byte)(((share * first[i]) + ((256 - share) * planes[i]) + 128) >> 8);
        return canvas.ToSample();

        void Place(ImageSample part)
        {
            work.Plan.Begin(part.Image.Width, part.Image.Height, width, height);
            work.Plan.Fit(width, height, ImageResizeMode.Pad, Fill);
            canvas.Place(part, 0, 0, MinimumVisibility, work);
        }
    }
}
