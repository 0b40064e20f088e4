using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A sample in the making: pixels, mask and boxes that parts of others are put on.</summary>
internal sealed class MixingCanvas
{
    private readonly BoxSet _boxes = new();

    /// <summary>An even canvas, its mask ignored.</summary>
    public MixingCanvas(int width, int height, int channels, byte fill, bool hasMask)
    {
        (Width, Height, Channels) = (width, height, channels);
        Planes = new byte[channels * width * height];
        Planes.AsSpan().Fill(fill);
        if (!hasMask)
            return;
        Mask = new byte[width * height];
        Mask.AsSpan().Fill(LabeledAugmenter.DefaultIgnored);
    }

    /// <summary>A copy of a sample.</summary>
    public MixingCanvas(ImageSample sample)
    {
        (Width, Height, Channels) = (sample.Image.Width, sample.Image.Height, sample.Image.Channels);
        Planes = sample.Image.Planes.ToArray();
        Mask = sample.Mask?.Planes.ToArray();
        sample.AddTo(_boxes);
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>[Channels, Height, Width].</summary>
    public byte[] Planes { get; }

    /// <summary>[Height, Width]; null without a mask.</summary>
    public byte[]? Mask { get; }

    /// <summary>The boxes.</summary>
    public BoxSet Boxes => _boxes;

    /// <summary>Puts a part of a sample, resized by the workspace's plan, on the canvas, with its boxes.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="left">The part's first column on the canvas.</param>
    /// <param name="top">The part's first row.</param>
    /// <param name="minimumVisibility">The smallest part of a box's area that must be left.</param>
    /// <param name="work">The workspace; its plan's last size is the part's.</param>
    public void Place(ImageSample sample, int left, int top, float minimumVisibility, MixingWorkspace work)
    {
        (int width, int height) = (work.Plan.Width, work.Plan.Height);
        Copy(work.Run(sample), width, height, left, top, cover: default);
        work.Boxes.Clear();
        sample.AddTo(work.Boxes);
        ReadOnlySpan<byte> mask = work.Run(work.Boxes, minimumVisibility, sample.MaskPlane, LabeledAugmenter.DefaultIgnored);
        if (Mask is not null)
            CopyMask(mask, width, height, left, top, cover: default);
        for (int i = 0; i < work.Boxes.Count; i++)
            Add(work.Boxes, i, left, top);
    }

    /// <summary>Copies pixels.</summary>
    /// <param name="part">[Channels, height, width].</param>
    /// <param name="width">The part's width.</param>
    /// <param name="height">The part's height.</param>
    /// <param name="left">Its first column on the canvas.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="cover">[height, width]: 0 for pixels to leave out; empty to copy all.</param>
    public void Copy(ReadOnlySpan<byte> part, int width, int height, int left, int top, ReadOnlySpan<byte> cover)
    {
        for (int channel = 0; channel < Channels; channel++)
            CopyPlane(
                part.Slice(channel * width * height, width * height),
                width,
                height,
                Planes.AsSpan(channel * Width * Height, Width * Height),
                left,
                top,
                cover
            );
    }

    /// <summary>Copies classes; see <see cref="Copy"/>.</summary>
    public void CopyMask(ReadOnlySpan<byte> part, int width, int height, int left, int top, ReadOnlySpan<byte> cover) =>
        CopyPlane(part, width, height, Mask, left, top, cover);

    /// <summary>Adds a box of a part that lies at a place.</summary>
    public void Add(BoxSet boxes, int index, int left, int top)
    {
        ImageBox box = boxes[index];
        Boxes.Add(
            box with
            {
                Left = box.Left + left,
                Top = box.Top + top,
                Right = box.Right + left,
                Bottom = box.Bottom + top,
            },
            boxes.PolygonsOf(index)?.Select(ring => ring.Select((value, i) => value + (i % 2 == 0 ? left : top)).ToArray()).ToArray()
        );
    }

    /// <summary>The sample.</summary>
    public ImageSample ToSample() =>
        ImageSample.Of(
            new RasterImage(Planes, Width, Height, Channels),
            Boxes,
            Mask is null ? null : new RasterImage(Mask, Width, Height, 1)
        );

    private void CopyPlane(ReadOnlySpan<byte> part, int width, int height, Span<byte> plane, int left, int top, ReadOnlySpan<byte> cover)
    {
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = part.Slice(y * width, width);
            Span<byte> to = plane.Slice(((top + y) * Width) + left, width);
            if (cover.IsEmpty)
            {
                from.CopyTo(to);
                continue;
            }
            for (int x = 0; x < width; x++)
                if (cover[(y * width) + x] != 0)
                    to[x] = from[x];
        }
    }
}
