using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Batches;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Batches;

/// <summary>Canvases as a network's input: crop, order of channels, arithmetic, layout.</summary>
public sealed class PixelWriterTests
{
    // A canvas of 4 x 3 with three planes: plane * 100 + y * 10 + x.
    private static readonly byte[] Canvas =
    [
        .. from plane in Enumerable.Range(0, 3)
        from y in Enumerable.Range(0, 3)
        from x in Enumerable.Range(0, 4)
        select (byte)((plane * 100) + (y * 10) + x),
    ];

    [Fact]
    public void A_whole_canvas_stays_as_it_is()
    {
        PixelWriter writer = PixelWriter.Canvas(Whole());
        float[] target = new float[36];

        writer.Write(Canvas, target);

        Assert.Equal([3, 3, 4], writer.Shape);
        Assert.Equal(Canvas.Select(value => (float)value), target);
    }

    [Fact]
    public void Channels_are_first_and_normalized()
    {
        PixelWriter writer = PixelWriter.Input(Whole() with { Scale = 1, Mean = [1, 2, 3], StandardDeviation = [1, 2, 4] }, [-1, 3, 3, 4]);
        float[] target = new float[36];

        writer.Write(Canvas, target);

        Assert.Equal([3, 3, 4], writer.Shape);
        Assert.Equal(Canvas.Select((value, i) => (value - (1f + (i / 12))) / (1 << (i / 12))), target, Close);
    }

    [Fact]
    public void Channels_may_be_in_the_other_order()
    {
        PixelWriter writer = PixelWriter.Input(Plain(Whole()) with { Channels = ImageChannelOrder.Bgr }, [-1, 3, 3, 4]);
        float[] target = new float[36];

        writer.Write(Canvas, target);

        Assert.Equal([200f, 100, 0], [target[0], target[12], target[24]]);
    }

    [Fact]
    public void The_center_of_a_larger_canvas_is_taken()
    {
        // 2 x 2 of 4 x 3: a column off each side; of the one row too many, the lower one.
        var preprocessing = Plain(
            new ImagePreprocessing
            {
                Width = 2,
                Height = 2,
                CropFraction = 0.6f,
            }
        );
        Assert.Equal((3, 3), (preprocessing.CanvasWidth, preprocessing.CanvasHeight));
        byte[] canvas = [.. Enumerable.Range(0, 27).Select(i => (byte)i)];
        float[] target = new float[12];

        PixelWriter.Input(preprocessing, [-1, 3, 2, 2]).Write(canvas, target);

        Assert.Equal([0f, 1, 3, 4, 9, 10, 12, 13, 18, 19, 21, 22], target);
    }

    private static ImagePreprocessing Whole() =>
        new()
        {
            Width = 4,
            Height = 3,
            CropFraction = 1,
        };

    private static ImagePreprocessing Plain(ImagePreprocessing preprocessing) =>
        preprocessing with
        {
            Scale = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-4f;
}
