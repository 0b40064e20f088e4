using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Memory in which parts of images are resized before they are put together. Reused; not thread-safe.</summary>
internal sealed class MixingWorkspace
{
    private readonly WorkingImage _image = new();
    private readonly LabelMover _labels = new();
    private readonly ScratchBuffer _mask = new();

    /// <summary>The plan of a part: begin it, add steps, then do it to an image, its boxes and its mask.</summary>
    public AugmentationPlan Plan { get; } = new();

    /// <summary>The boxes of a part.</summary>
    public BoxSet Boxes { get; } = new();

    /// <summary>For each pixel the pasted object that it shows.</summary>
    public ScratchBuffer Owners { get; } = new();

    /// <summary>The pixels of a part that belong to its object.</summary>
    public ScratchBuffer Cover { get; } = new();

    /// <summary>Does the plan to an image.</summary>
    /// <returns>The part, planar, valid until the next call.</returns>
    public ReadOnlySpan<byte> Run(ImageSample sample) => _image.Run(Plan, sample.Image.Planes, sample.Image.Width, sample.Image.Height);

    /// <summary>Does the plan to boxes and a mask.</summary>
    /// <param name="boxes">The boxes; null for none.</param>
    /// <param name="minimumVisibility">The smallest visible part of a box.</param>
    /// <param name="mask">The mask; empty for none.</param>
    /// <param name="ignored">The mask's value beyond the image.</param>
    /// <returns>The part's mask, valid until the next call.</returns>
    public ReadOnlySpan<byte> Run(BoxSet? boxes, float minimumVisibility, ReadOnlySpan<byte> mask, byte ignored)
    {
        Span<byte> target = mask.IsEmpty ? default : _mask.Reserve(Plan.Width * Plan.Height);
        _labels.Run(Plan, _image.Field, boxes, minimumVisibility, mask, target, ignored);
        return target;
    }
}
