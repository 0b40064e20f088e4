using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>
/// A random change of images while a network trains. Immutable; holds settings, no state. For ready-made policies see
/// <see cref="Augment"/>; for single operations see <c>MLNetExtensions.Imaging.Augmentations.Operations</c>.
/// </summary>
/// <remarks>
/// Every random draw is a function of seed, epoch, row and the operation's place in the policy, so threads and batches do not change an
/// image. Neighboring geometric operations are resampled once, together. Images are RGB, gray, or RGB with alpha, 8 bits per channel; color
/// operations do not change alpha. Settings are checked when a trainer is created: one message lists all that are out of range, with
/// operation and place.
/// </remarks>
public abstract record Augmentation
{
    private protected Augmentation() { }

    /// <summary>Appends an augmentation to this one.</summary>
    /// <param name="next">The augmentation to apply after this one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public Augmentation Then(Augmentation next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return this is Compose compose ? new Compose([.. compose.Steps, next]) : new Compose(this, next);
    }

    /// <summary>Applies the augmentation to one image, which keeps its size.</summary>
    /// <param name="image">The image; it stays as it is.</param>
    /// <param name="seed">What all draws begin from. The default is 0.</param>
    /// <param name="epoch">The epoch, from 0: each draws anew. The default is 0.</param>
    /// <param name="row">The image's row, from 0: each draws anew. The default is 0.</param>
    /// <returns>A new image. The same arguments give the same pixels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Settings of the augmentation are out of range; the message lists all of them. Or the
    /// epoch or the row is negative.</exception>
    public RasterImage Apply(RasterImage image, int seed = 0, long epoch = 0, long row = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Apply(image, image.Width, image.Height, seed, epoch, row);
    }

    /// <summary>
    /// Applies the augmentation to one image as training does: the pixels are those that a trainer with this seed makes of this row in this
    /// epoch.
    /// </summary>
    /// <param name="image">From <see cref="RasterImage.Load(string, ImagePreprocessing)"/> with the same preprocessing.</param>
    /// <param name="preprocessing">The network's, whose <see cref="ImagePreprocessing.Width"/> and <see cref="ImagePreprocessing.Height"/>
    /// the result has.</param>
    /// <param name="seed">The trainer's seed: its option <c>Seed</c>.</param>
    /// <param name="epoch">The epoch, from 0. The default is 0.</param>
    /// <param name="row">The image's row in the training data, from 0. The default is 0.</param>
    /// <returns>A new image; <see cref="RasterImage.ToTensor"/> makes it a network's input.</returns>
    /// <exception cref="ArgumentException">The image was not read for this preprocessing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings of the augmentation are out of range; the message lists all of them. Or the
    /// epoch or the row is negative.</exception>
    public RasterImage Apply(RasterImage image, ImagePreprocessing preprocessing, int seed = 0, long epoch = 0, long row = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(preprocessing);
        CanvasCheck.Throw(image, preprocessing);
        return Apply(image, preprocessing.Width, preprocessing.Height, seed, epoch, row);
    }

    /// <summary>
    /// Applies the augmentation to an image, its boxes and its mask, as training of detectors and segmentation does, and letterboxes the
    /// result.
    /// </summary>
    /// <param name="sample">The image, boxes and mask; it stays as it is.</param>
    /// <param name="width">The width in pixels that the network takes.</param>
    /// <param name="height">The height in pixels that the network takes.</param>
    /// <param name="seed">What all draws begin from. The default is 0.</param>
    /// <param name="epoch">The epoch, from 0: each draws anew. The default is 0.</param>
    /// <param name="row">The image's row, from 0: each draws anew. The default is 0.</param>
    /// <param name="minimumVisibility">The smallest part of a box's area that must be left in the image for the box to stay, 0 to 1. The
    /// default is 0.25.</param>
    /// <returns>
    /// A new sample of that size. Boxes are clipped; a turned box is the box around its turned corners. Beyond the image there is gray 114,
    /// and 255 in the mask. Operations that cover parts of the image change neither boxes nor mask.
    /// </returns>
    /// <exception cref="ArgumentException">The mask has more than one channel or another size than the image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings of the augmentation are out of range; the message lists all of them. Or a
    /// side, the epoch, the row or the visibility is.</exception>
    public ImageSample Apply(
        ImageSample sample,
        int width,
        int height,
        int seed = 0,
        long epoch = 0,
        long row = 0,
        float minimumVisibility = LabeledAugmenter.DefaultMinimumVisibility
    )
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (!(minimumVisibility is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(minimumVisibility), minimumVisibility, "The visible part of a box is 0 to 1.");
        sample.Check(nameof(sample));
        ThrowIfOutOfRange();
        var augmenter = new LabeledAugmenter(this, width, height, (ulong)seed, sample.Image.Channels)
        {
            MinimumVisibility = minimumVisibility,
        };
        return augmenter.Apply(sample, epoch, row);
    }

    /// <summary>Records settings that are out of range or contradict each other.</summary>
    internal virtual void Check(SettingChecks checks) { }

    /// <summary>Makes the random draws for one image and adds the steps to the plan.</summary>
    /// <param name="key">This operation's key: the same key and the same image size give the same draw.</param>
    /// <param name="plan">Knows the image's size so far; receives the steps.</param>
    internal abstract void Draw(DrawKey key, AugmentationPlan plan);

    private RasterImage Apply(RasterImage image, int width, int height, int seed, long epoch, long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ThrowIfOutOfRange();
        var augmenter = new ImageAugmenter(this, image.Width, image.Height, width, height, (ulong)seed, image.Channels);
        var planes = new byte[augmenter.OutputSize];
        augmenter.Apply(image.Planes, epoch, row, planes);
        return new RasterImage(planes, width, height, image.Channels);
    }

    private void ThrowIfOutOfRange()
    {
        var problems = new OptionProblems();
        Check(SettingChecks.Of(problems, "augmentation", this));
        problems.Throw();
    }
}
