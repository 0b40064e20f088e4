using System.Collections.Concurrent;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Augments images together with their boxes and masks: one plan is drawn for a row and done to all of them. Images may have any sizes;
/// what is made has the network's. The result depends on policy, sizes, seed, epoch, row and the image alone. Thread-safe; in steady state
/// it allocates nothing but the points of polygons.
/// </summary>
/// <remarks>
/// A box becomes the box of its moved corners, or of its moved outline where polygons are known, clipped to what is visible. Borders of
/// <see cref="BorderMode.Reflect"/> mirror objects in the image and in the mask, for which there are no boxes. Operations that cover parts
/// (<see cref="Operations.Cutout"/>, <see cref="Operations.CoarseDropout"/>, <see cref="Operations.Erasing"/>) and those that mix moved
/// copies of the image with it (<see cref="Policies.AugMix"/>) change neither boxes nor masks.
/// </remarks>
internal sealed class LabeledAugmenter
{
    /// <summary>The usual gray of what lies beyond a letterboxed image (YOLO's).</summary>
    public const byte DefaultFill = 114;

    /// <summary>The usual index of pixels without a class, in masks.</summary>
    public const byte DefaultIgnored = MaskFormat.DefaultIgnoredIndex;

    /// <summary>The usual smallest visible part of a box.</summary>
    public const float DefaultMinimumVisibility = 0.25f;

    private readonly ConcurrentBag<Workspace> _pool = [];
    private readonly Augmentation? _policy;
    private readonly ulong _seed;
    private readonly int _channels;

    /// <param name="policy">The policy; null changes nothing but the size.</param>
    /// <param name="width">The width that the network takes.</param>
    /// <param name="height">The height that the network takes.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="channels">The number of planes: 1, 3 or 4.</param>
    public LabeledAugmenter(Augmentation? policy, int width, int height, ulong seed, int channels = 3) =>
        (_policy, Width, Height, _seed, _channels) = (policy, width, height, seed, channels);

    /// <summary>The width of what is made.</summary>
    public int Width { get; }

    /// <summary>The height of what is made.</summary>
    public int Height { get; }

    /// <summary>The size of what is made: channels * Height * Width.</summary>
    public int OutputSize => _channels * Width * Height;

    /// <summary>The way from the augmented image to the network's shape, with the image's aspect or without.</summary>
    /// <value>The default is <see cref="ImageResizeMode.Pad"/>: the image is letterboxed.</value>
    public ImageResizeMode Fit { get; init; } = ImageResizeMode.Pad;

    /// <summary>The gray level beyond a letterboxed image.</summary>
    /// <value>The default is 114. ML.NET's ResizeImages pads with 0.</value>
    public byte Fill { get; init; } = DefaultFill;

    /// <summary>The smallest part of a box's area that must be left in the image for the box to stay, 0 to 1.</summary>
    /// <value>The default is 0.25.</value>
    public float MinimumVisibility { get; init; } = DefaultMinimumVisibility;

    /// <summary>The mask's value beyond the image.</summary>
    /// <value>The default is 255.</value>
    public byte Ignored { get; init; } = DefaultIgnored;

    /// <summary>The same augmentation to another size, for training at several.</summary>
    public LabeledAugmenter At(int width, int height) =>
        new(_policy, width, height, _seed, _channels)
        {
            Fit = Fit,
            Fill = Fill,
            MinimumVisibility = MinimumVisibility,
            Ignored = Ignored,
        };

    /// <summary>Augments an image and its labels.</summary>
    /// <param name="planes">[channels, height, width].</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The image's row in the data view, from 0: what its draws are keyed by.</param>
    /// <param name="target">[channels, Height, Width].</param>
    /// <param name="boxes">The image's boxes, which become those of the result; null for none.</param>
    /// <param name="mask">[height, width]: the class of each pixel; empty for none.</param>
    /// <param name="maskTarget">[Height, Width], where there is a mask.</param>
    public void Apply(
        ReadOnlySpan<byte> planes,
        int width,
        int height,
        long epoch,
        long row,
        Span<byte> target,
        BoxSet? boxes = null,
        ReadOnlySpan<byte> mask = default,
        Span<byte> maskTarget = default
    )
    {
        Workspace work = _pool.TryTake(out Workspace? pooled) ? pooled : new Workspace();
        work.Plan.Begin(width, height, Width, Height, boxes);
        _policy?.Draw(DrawKey.For(_seed, epoch, row), work.Plan);
        work.Plan.Fit(Width, Height, Fit, Fill);
        work.Image.Run(work.Plan, planes[..(_channels * width * height)], width, height).CopyTo(target);
        work.Labels.Run(work.Plan, work.Image.Field, boxes, MinimumVisibility, mask, maskTarget, Ignored);
        _pool.Add(work);
    }

    /// <summary>Augments a sample.</summary>
    /// <param name="sample">The sample, of this augmenter's channels; it stays as it is.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The row.</param>
    public ImageSample Apply(ImageSample sample, long epoch, long row)
    {
        byte[] planes = new byte[OutputSize],
            mask = sample.Mask is null ? [] : new byte[Width * Height];
        var boxes = new BoxSet();
        sample.AddTo(boxes);
        Apply(sample.Image.Planes, sample.Image.Width, sample.Image.Height, epoch, row, planes, boxes, sample.MaskPlane, mask);
        return ImageSample.Of(
            new RasterImage(planes, Width, Height, _channels),
            boxes,
            sample.Mask is null ? null : new RasterImage(mask, Width, Height, 1)
        );
    }

    private sealed class Workspace
    {
        public AugmentationPlan Plan { get; } = new();

        public WorkingImage Image { get; } = new();

        public LabelMover Labels { get; } = new();
    }
}
