using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>Training samples of several images each: what is drawn before the augmentation of single ones. Thread-safe.</summary>
internal sealed class MixedSamples
{
    private readonly SampleMixer[] _mixers;
    private readonly ImageStore _images;
    private readonly ImageDecoder _decoder;
    private readonly int[] _rows;
    private readonly IReadOnlyList<Letterbox> _places;
    private readonly int _epochs;

    /// <param name="mixing">The ways of mixing, one after another.</param>
    /// <param name="images">The decoded images.</param>
    /// <param name="decoder">Says their size.</param>
    /// <param name="rows">The images that are trained on.</param>
    /// <param name="places">The part of its canvas that each image fills.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epochs">The number of a phase's first epochs in which images are mixed.</param>
    public MixedSamples(
        IReadOnlyList<SampleMixing> mixing,
        ImageStore images,
        ImageDecoder decoder,
        int[] rows,
        IReadOnlyList<Letterbox> places,
        int seed,
        int epochs
    )
    {
        (_images, _decoder, _rows, _places, _epochs) = (images, decoder, rows, places, epochs);
        // Each way draws apart, even where two are of one kind.
        _mixers = [.. mixing.Select((way, i) => new SampleMixer(way, decoder.CanvasWidth, decoder.CanvasHeight, (ulong)seed + (ulong)i))];
    }

    /// <summary>The sample of a row in an epoch.</summary>
    /// <param name="index">The image.</param>
    /// <param name="epoch">The epoch within its phase, from 0.</param>
    /// <param name="labels">The boxes and the mask of an image, in the pixels of its canvas.</param>
    /// <returns>The sample; null where the image stays by itself.</returns>
    public ImageSample? Draw(int index, long epoch, Func<int, (IReadOnlyList<ImageBox> Boxes, byte[]? Mask)> labels)
    {
        if (epoch >= _epochs)
            return null;
        ImageSample? mixed = null;
        foreach (SampleMixer mixer in _mixers)
        {
            MixingPlan plan = mixer.Plan(epoch, _images.Row(index), _rows.Length);
            if (plan.IsMixed)
                mixed = mixer.Mix(plan, mixed ?? Sample(index, labels), [.. plan.Rows.Select(row => Sample(_rows[row], labels))]);
        }
        return mixed;
    }

    /// <summary>An image without the borders of its canvas, which mixing would take for a part of it.</summary>
    private ImageSample Sample(int index, Func<int, (IReadOnlyList<ImageBox> Boxes, byte[]? Mask)> labels)
    {
        Letterbox place = _places[index];
        (int width, int height) = (Math.Max(1, place.Width), Math.Max(1, place.Height));
        int channels = _decoder.CanvasBytes / (_decoder.CanvasWidth * _decoder.CanvasHeight);
        (IReadOnlyList<ImageBox> boxes, byte[]? mask) = labels(index);
        return new ImageSample(Crop(_images.Canvas(index), channels))
        {
            Boxes =
            [
                .. boxes.Select(box =>
                    box with
                    {
                        Left = box.Left - place.Left,
                        Top = box.Top - place.Top,
                        Right = box.Right - place.Left,
                        Bottom = box.Bottom - place.Top,
                    }
                ),
            ],
            Mask = mask is null ? null : Crop(mask, 1),
        };

        RasterImage Crop(byte[] planes, int count)
        {
            var cropped = new byte[count * width * height];
            for (int row = 0; row < count * height; row++)
                planes
                    .AsSpan(
                        (((row / height) * _decoder.CanvasHeight) + place.Top + (row % height)) * _decoder.CanvasWidth + place.Left,
                        width
                    )
                    .CopyTo(cropped.AsSpan(row * width));
            return new RasterImage(cropped, width, height, count);
        }
    }
}
