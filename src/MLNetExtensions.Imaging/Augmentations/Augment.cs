using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>Ready-made augmentation policies, and methods that combine operations into others.</summary>
/// <example><code>
/// Augmentation mine = Augment.Compose(
///     new RandomResizedCrop { MinArea = 0.3f }, new HorizontalFlip(), Augment.Sometimes(0.5f, new Brightness()));
/// </code></example>
public static class Augment
{
    /// <summary>
    /// For fine-tuning on photos: a crop of 35 to 100 % of the area with almost the image's own aspect ratio, mirrored half of the time,
    /// and brightness and contrast within 20 % for three quarters of the images (fastai's and timm's settings for fine-tuning lie here).
    /// Not for images that lose their class when mirrored, such as text.
    /// </summary>
    public static Augmentation Standard() =>
        Compose(
            new RandomResizedCrop { MinArea = 0.35f },
            new HorizontalFlip(),
            Sometimes(
                0.75f,
                Compose(new Brightness { MinFactor = 0.8f, MaxFactor = 1.2f }, new Contrast { MinFactor = 0.8f, MaxFactor = 1.2f })
            )
        );

    /// <summary>
    /// For images without an up, such as surfaces, tissue and photos from above, where size or color tells the class: rotated by quarter
    /// turns and mirrored, all eight ways equally likely (fastai's Dihedral); no pixel is resampled.
    /// </summary>
    public static Augmentation Dihedral() => Compose(new Rotate90(), new HorizontalFlip());

    /// <summary>
    /// For CIFAR-10 and other small images: 4 pixels of padding, a random crop of the original size, mirrored half of the time (He et al.,
    /// 2015).
    /// </summary>
    public static Augmentation Cifar() => Compose(new PadAndCrop(), new HorizontalFlip());

    /// <summary>
    /// For training on photos from scratch: crops of 8 to 100 % of the area, mirrored half of the time, then <see cref="TrivialAugment"/>.
    /// </summary>
    public static Augmentation Strong() => Compose(new RandomResizedCrop(), new HorizontalFlip(), new TrivialAugment());

    /// <summary>
    /// For detecting objects: mirrored half of the time, 0.5 to 1.5 times the size, shifted by up to a tenth, letterboxed, and the colors
    /// changed as YOLO does: hue by 1.5 % of the circle, saturation by 70 %, brightness by 40 %.
    /// </summary>
    /// <param name="fill">The gray level beside the image. The default is 114, YOLO's.</param>
    public static Augmentation ForDetection(byte fill = LabeledAugmenter.DefaultFill) =>
        Compose(
            new HorizontalFlip(),
            new Affine
            {
                MaxDegrees = 0,
                MinScale = 0.5f,
                MaxScale = 1.5f,
                Fill = fill,
            },
            new LetterboxResize { Fill = fill },
            new Hue { MaxShift = 0.015f },
            new Saturation { MinFactor = 0.3f, MaxFactor = 1.7f },
            new Brightness { MinFactor = 0.6f, MaxFactor = 1.4f }
        );

    /// <summary>
    /// For classes of pixels: 0.5 to 2 times the size that covers the network's input, a random crop (padded where the image is smaller),
    /// mirrored half of the time, and brightness, contrast and saturation within 25 %, the hue within 5 %.
    /// </summary>
    /// <param name="fill">The gray level beside the image. The default is 114.</param>
    public static Augmentation ForSegmentation(byte fill = LabeledAugmenter.DefaultFill) =>
        Compose(
            new RandomResize(),
            new RandomCrop { PadIfNeeded = true, Fill = fill },
            new HorizontalFlip(),
            new ColorJitter
            {
                Brightness = 0.25f,
                Contrast = 0.25f,
                Saturation = 0.25f,
                Hue = 0.05f,
            }
        );

    /// <summary>Nothing is changed.</summary>
    public static Augmentation None() => Compose();

    /// <inheritdoc cref="Augmentations.Compose(IEnumerable{Augmentation})"/>
    public static Augmentation Compose(params IEnumerable<Augmentation> steps) => new Compose(steps);

    /// <inheritdoc cref="Augmentations.OneOf(IEnumerable{Augmentation})"/>
    public static Augmentation OneOf(params IEnumerable<Augmentation> choices) => new OneOf(choices);

    /// <inheritdoc cref="Augmentations.Sometimes(float, Augmentation)"/>
    public static Augmentation Sometimes(float probability, Augmentation augmentation) => new Sometimes(probability, augmentation);
}
