using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class LabeledAugmenterTests
{
    private const int Rows = 40;

    public static TheoryData<string> Names => [.. GeometricPolicies.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_box_of_a_rectangle_is_that_of_the_drawn_one(string name) =>
        CheckBoxes(name, DrawnShape.Rectangle(120, 90, new ImageBox(31, 22, 85, 60)));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_box_of_an_outline_is_that_of_the_drawn_one(string name) =>
        CheckBoxes(name, DrawnShape.Ellipse(120, 90, new ImageBox(28, 15, 92, 61)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mask_goes_where_its_image_goes(string name)
    {
        var shape = DrawnShape.Ellipse(120, 90, new ImageBox(28, 15, 92, 61));
        int clear = 0;
        for (int row = 0; row < Rows; row++)
        {
            DrawnShape.Result result = shape.Augment(GeometricPolicies.All[name], 72, 64, seed: 3, row);
            for (int i = 0; i < result.Pixels.Length; i++)
            {
                if (result.Pixels[i] is not (0 or 255))
                    continue;
                clear++;
                Assert.True(
                    result.Mask[i] == DrawnShape.Object == (result.Pixels[i] == 255),
                    $"row {row}, pixel {i % 72}, {i / 72}: gray {result.Pixels[i]}, mask {result.Mask[i]}"
                );
            }
        }
        Assert.True(clear > Rows * 72 * 64 * 0.8, $"only {clear} pixels are clear");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_lies_beyond_the_image_is_ignored(string name)
    {
        var white = DrawnShape.Rectangle(120, 90, new ImageBox(0, 0, 120, 90));
        for (int row = 0; row < Rows; row++)
        {
            DrawnShape.Result result = white.Augment(GeometricPolicies.All[name], 72, 64, seed: 4, row);
            for (int i = 0; i < result.Pixels.Length; i++)
                if (result.Pixels[i] is 0 or 255)
                    Assert.Equal(result.Pixels[i] == 0 ? LabeledAugmenter.DefaultIgnored : DrawnShape.Object, result.Mask[i]);
        }
    }

    [Theory]
    [InlineData(ImageResizeMode.CropCenter)]
    [InlineData(ImageResizeMode.Pad)]
    [InlineData(ImageResizeMode.Stretch)]
    public void Every_way_to_the_networks_shape_takes_boxes_along(ImageResizeMode fit)
    {
        foreach ((int width, int height) in new[] { (120, 90), (90, 120), (64, 64), (200, 61), (31, 97) })
        {
            var shape = DrawnShape.Rectangle(width, height, new ImageBox(width / 4, height / 4, width * 3 / 4, height * 3 / 4));
            DrawnShape.Result result = shape.Augment(null, 64, 64, seed: 1, row: 0, fit);
            Near(result.Drawn!.Value, result.Box!.Value, $"{width} x {height}");
        }
    }

    private static void CheckBoxes(string name, DrawnShape shape)
    {
        int seen = 0;
        for (int row = 0; row < Rows; row++)
        {
            DrawnShape.Result result = shape.Augment(GeometricPolicies.All[name], 112, 100, seed: 2, row);
            if (result.Drawn is not { } drawn)
            {
                Assert.True(result.Box is not { } box || Math.Min(box.Width, box.Height) <= 1.5f, $"row {row}: {result.Box} shows nothing");
                continue;
            }
            seen++;
            Near(drawn, result.Box ?? throw new InvalidOperationException($"row {row}: the box is lost, {drawn} is drawn"), $"row {row}");
        }
        Assert.True(seen > Rows / 2, $"only {seen} shapes are visible");
    }

    private static void Near(ImageBox drawn, ImageBox box, string place)
    {
        float difference = new[]
        {
            Math.Abs(drawn.Left - box.Left),
            Math.Abs(drawn.Top - box.Top),
            Math.Abs(drawn.Right - box.Right),
            Math.Abs(drawn.Bottom - box.Bottom),
        }.Max();
        Assert.True(difference <= 1.01f, $"{place}: drawn {drawn}, box {box}");
    }
}
