using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Resampling;
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

    [Fact]
    public void Chains_of_random_operations_take_boxes_along()
    {
        string[] names = [.. GeometricPolicies.All.Keys.Where(name => !name.Contains(',', StringComparison.Ordinal))];
        var random = new Random(8);
        var shape = DrawnShape.Rectangle(120, 90, new ImageBox(35, 25, 95, 70));
        int seen = 0;
        for (int i = 0; i < 150; i++)
        {
            string[] chain = [.. Enumerable.Range(0, 3).Select(_ => names[random.Next(names.Length)])];
            Augmentation policy = Augment.Compose(chain.Select(name => GeometricPolicies.All[name]));
            DrawnShape.Result result = shape.Augment(policy, 100, 100, seed: 5, row: i);
            // What is resampled several times loses thin parts at the edge.
            if (result.Drawn is not { } drawn || Math.Min(drawn.Width, drawn.Height) < 6)
                continue;
            seen++;
            Near(drawn, result.Box ?? throw new InvalidOperationException($"{i}: the box is lost"), string.Join(" + ", chain), 2.6f);
        }
        Assert.True(seen > 75, $"only {seen} shapes are visible");
    }

    [Theory]
    [InlineData(BorderMode.Reflect)]
    [InlineData(BorderMode.Edge)]
    public void A_mask_shows_at_the_border_what_the_image_shows(BorderMode border)
    {
        var shape = DrawnShape.Rectangle(60, 60, new ImageBox(0, 0, 20, 60));
        var policy = Augment.Compose(
            new Rotate { Border = border },
            new Translate { Border = border },
            new Elastic { Border = border, Smoothness = 30 }
        );
        for (int row = 0; row < Rows; row++)
        {
            DrawnShape.Result result = shape.Augment(policy, 60, 60, seed: 6, row);
            for (int i = 0; i < result.Pixels.Length; i++)
                if (result.Pixels[i] is 0 or 255)
                    Assert.Equal(result.Pixels[i] == 0 ? 0 : DrawnShape.Object, result.Mask[i]);
        }
    }

    // Sizes without a rest: the decoder's other interpolations round half pixels of the margin in another way than ML.NET does.
    [Theory]
    [InlineData(96, 72)]
    [InlineData(72, 96)]
    [InlineData(640, 160)]
    public void The_letterbox_is_the_decoders_bilinear_canvas(int width, int height)
    {
        byte[] noise = new byte[3 * width * height];
        new Random(2).NextBytes(noise);
        var decoder = new CanvasResampler(64, 64, ImageResizeMode.Pad, ResamplingFilter.Bilinear);
        byte[] expected = new byte[3 * 64 * 64],
            actual = new byte[3 * 64 * 64];
        decoder.Run(noise, width, height, expected);
        new LabeledAugmenter(null, 64, 64, 1) { Fill = 0 }.Apply(noise, width, height, 0, 0, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void An_augmenter_of_another_size_makes_the_same_at_that_size()
    {
        var augmenter = new LabeledAugmenter(new HorizontalFlip(), 64, 64, 1)
        {
            Fill = 9,
            Fit = ImageResizeMode.Stretch,
            MinimumVisibility = 0.5f,
            Ignored = 3,
        };
        LabeledAugmenter large = augmenter.At(96, 128);
        Assert.Equal(3 * 96 * 128, large.OutputSize);
        Assert.Equal((9, ImageResizeMode.Stretch, 0.5f, 3), (large.Fill, large.Fit, large.MinimumVisibility, large.Ignored));
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

    private static void Near(ImageBox drawn, ImageBox box, string place, float tolerance = 1.01f)
    {
        float difference = new[]
        {
            Math.Abs(drawn.Left - box.Left),
            Math.Abs(drawn.Top - box.Top),
            Math.Abs(drawn.Right - box.Right),
            Math.Abs(drawn.Bottom - box.Bottom),
        }.Max();
        Assert.True(difference <= tolerance, $"{place}: drawn {drawn}, box {box}");
    }
}
