using System.Buffers;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Trainers.Dense;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>
/// Images and their objects as a detector's inputs: planar floats of 0 to 255, and for each object left, top, right, bottom and class in
/// the pixels of the network; -1 as the class where there is no more.
/// </summary>
/// <param name="images">The decoded images.</param>
/// <param name="objects">Their objects, in the pixels of the network.</param>
/// <param name="decoder">Says the images' size.</param>
/// <param name="most">The most objects of an image.</param>
internal sealed class DetectionRows(ImageStore images, IReadOnlyList<ObjectBoxes> objects, ImageDecoder decoder, int most) : ITrainingRows
{
    /// <summary>The values of an object.</summary>
    public const int ObjectValues = 5;

    public int Count => images.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [decoder.InputBytes, most * ObjectValues];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int length = rows.Length * decoder.InputBytes;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        images.FillCenterCrops(rows, pixels);
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> target = inputs[1].AsSpan(i * most * ObjectValues, most * ObjectValues);
            Write(objects[rows[i]], target);
        }
        PlanarPixels.ToSingle(pixels.AsSpan(0, length), inputs[0]);
        ArrayPool<byte>.Shared.Return(pixels);
    }

    public void Dispose() { }

    private static void Write(ObjectBoxes boxes, Span<float> target)
    {
        target.Fill(-1);
        for (int i = 0; i < boxes.Count; i++)
        {
            boxes.Boxes.AsSpan(4 * i, 4).CopyTo(target[(ObjectValues * i)..]);
            target[(ObjectValues * i) + 4] = boxes.Classes[i];
        }
    }
}
