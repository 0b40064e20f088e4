using System.Buffers;
using System.Collections.Concurrent;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>
/// Images and their objects as a detector's inputs: planar floats of 0 to 255, and for each object left, top, right, bottom and class in
/// the pixels of the network; -1 as the class where there is no more.
/// </summary>
/// <param name="images">The decoded images.</param>
/// <param name="objects">Their objects, in the pixels of the network.</param>
/// <param name="decoder">Says the images' size.</param>
/// <param name="most">The most objects of an image; of more, the largest are taken.</param>
/// <param name="augmenter">Makes training images.</param>
/// <param name="mixed">Makes training images of several before; null where none are mixed.</param>
internal sealed class DetectionRows(
    ImageStore images,
    IReadOnlyList<ImageBox[]> objects,
    ImageDecoder decoder,
    int most,
    LabeledAugmenter augmenter,
    MixedSamples? mixed
) : ITrainingRows
{
    /// <summary>The values of an object.</summary>
    public const int ObjectValues = 5;

    private readonly ConcurrentBag<BoxSet> _boxes = [];

    public int Count => images.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [decoder.InputBytes, most * ObjectValues];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int length = rows.Length * decoder.InputBytes;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        bool augments = epoch != RowView.Plain;
        var boxes = new BoxSet[rows.Length];
        images.FillEach(
            rows,
            pixels.AsSpan(0, length),
            (place, index, canvas, target) =>
            {
                BoxSet set = boxes[place] = _boxes.TryTake(out BoxSet? used) ? used : new BoxSet();
                set.Clear();
                if (augments && mixed?.Draw(index, epoch, row => (objects[row], null)) is { } sample)
                {
                    sample.AddTo(set);
                    augmenter.Apply(sample.Image.Planes, sample.Image.Width, sample.Image.Height, epoch, images.Row(index), target, set);
                    return;
                }
                foreach (ImageBox box in objects[index])
                    set.Add(box);
                if (augments)
                    augmenter.Apply(canvas, decoder.CanvasWidth, decoder.CanvasHeight, epoch, images.Row(index), target, set);
                else
                    canvas.CopyTo(target);
            }
        );
        PlanarPixels.ToSingle(pixels.AsSpan(0, length), inputs[0]);
        ArrayPool<byte>.Shared.Return(pixels);
        for (int i = 0; i < rows.Length; i++)
        {
            Write(boxes[i], inputs[1].AsSpan(i * most * ObjectValues, most * ObjectValues));
            _boxes.Add(boxes[i]);
        }
    }

    public void Dispose() { }

    private void Write(BoxSet boxes, Span<float> target)
    {
        target.Fill(-1);
        // Crowds are no objects to learn.
        List<ImageBox> learned = [];
        for (int i = 0; i < boxes.Count; i++)
            if (!boxes[i].IsCrowd)
                learned.Add(boxes[i]);
        if (learned.Count > most)
            learned = [.. learned.OrderByDescending(box => box.Area).Take(most)];
        foreach ((int i, ImageBox box) in learned.Index())
        {
            Span<float> values = target.Slice(ObjectValues * i, ObjectValues);
            (values[0], values[1], values[2], values[3], values[4]) = (box.Left, box.Top, box.Right, box.Bottom, box.Class);
        }
    }
}
