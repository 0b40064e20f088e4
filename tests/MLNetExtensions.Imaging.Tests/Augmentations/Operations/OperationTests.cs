using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Operations;

/// <summary>What must hold for every operation and policy.</summary>
public class OperationTests
{
    private const int Width = 61,
        Height = 47;

    /// <summary>All public augmentations that can be made without arguments, and the policies that cannot.</summary>
    public static TheoryData<Augmentation> All { get; } =
    [
        .. typeof(Augmentation)
            .Assembly.GetExportedTypes()
            .Where(type =>
                type.IsSubclassOf(typeof(Augmentation))
                && !type.IsAbstract
                && type.GetConstructor(Type.EmptyTypes) is not null
                && type != typeof(RandomCrop)
            )
            .Select(type => (Augmentation)Activator.CreateInstance(type)!),
        new RandomCrop { Width = 40, Height = 30 },
        AutoAugment.Cifar10,
        AutoAugment.ImageNet,
        Augment.Standard(),
        Augment.Strong(),
        Augment.Cifar(),
    ];

    [Fact]
    public void All_operations_are_covered() => Assert.True(All.Count >= 40, $"{All.Count} operations found");

    [Theory]
    [MemberData(nameof(All))]
    public void Keys_decide_the_result_and_nothing_else(Augmentation operation)
    {
        var image = new WorkingImage();
        var results = new HashSet<string>();
        var first = new List<string>();
        for (int row = 0; row < 24; row++)
            first.Add(Run(operation, row, image, Image(Width, Height)));
        // Another workspace, used in another order, with other sizes in between.
        var other = new WorkingImage();
        for (int row = 23; row >= 0; row--)
        {
            Run(operation, row, other, Image(33, 90), 33, 90);
            Assert.Equal(first[row], Run(operation, row, other, Image(Width, Height)));
        }
        results.UnionWith(first);
        bool isFixed = operation is CenterCrop or LetterboxResize or IouCrop or Invert or Grayscale or Equalize or AutoContrast;
        Assert.True(isFixed ? results.Count == 1 : results.Count > 1, $"{results.Count} different results");
    }

    // Images of one pixel, one row, one column; odd sizes of every remainder of a vector.
    [Theory]
    [MemberData(nameof(All))]
    public void Images_of_any_size_work(Augmentation operation)
    {
        var image = new WorkingImage();
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 40), (70, 1), (2, 3), (17, 16), (65, 31)])
            for (int row = 0; row < 12; row++)
                Run(operation, row, image, Image(width, height), width, height);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_even_gray_image_has_no_new_colors_but_border_and_noise(Augmentation operation)
    {
        if (operation is GaussianNoise or SaltAndPepper or Erasing or Cutout or CoarseDropout or AugMix)
            return;
        var image = new WorkingImage();
        byte[] gray = new byte[3 * Width * Height];
        Array.Fill(gray, (byte)120);
        var plan = new AugmentationPlan();
        for (int row = 0; row < 24; row++)
        {
            plan.Begin(Width, Height, Width, Height);
            operation.Draw(DrawKey.For(1, 0, row), plan);
            ReadOnlySpan<byte> result = image.Run(plan, gray, Width, Height);
            // Samples are not blended with the border: one level inside, one outside, and three between where four samples make a pixel.
            Assert.True(result.ToArray().Distinct().Count() <= 5, $"{result.ToArray().Distinct().Count()} levels in row {row}");
        }
    }

    // NumPy's pad modes; the window may lie far beyond the image.
    [Theory]
    [InlineData(BorderMode.Constant)]
    [InlineData(BorderMode.Edge)]
    [InlineData(BorderMode.Reflect)]
    public void What_lies_beyond_the_edge_is_made_of_the_whole_image(BorderMode border)
    {
        const int width = 13,
            height = 9;
        byte[] image = Image(width, height);
        var work = new WorkingImage();
        var plan = new AugmentationPlan();
        foreach ((int left, int top) in ((int, int)[])[(-4, 3), (9, -8), (12, 0), (-13, 9), (30, -40), (-100, 100)])
        {
            plan.Begin(width, height, width, height);
            plan.Crop(left, top, width, height, border, fill: 7);
            byte[] cropped = work.Run(plan, image, width, height).ToArray();
            for (int channel = 0; channel < 3; channel++)
            for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                Assert.Equal(Padded(channel, left + x, top + y), cropped[(((channel * height) + y) * width) + x]);

            // A crop, a flip and a shift that follow see what the first one made.
            byte[] expected = Followed(cropped, border);
            plan.Begin(width, height, width, height);
            plan.Crop(left, top, width, height, border, fill: 7);
            plan.FlipHorizontally();
            plan.Crop(2, 1, 8, 6);
            plan.Crop(-3, 2, 8, 6, border, fill: 7);
            Assert.Equal(expected, work.Run(plan, image, width, height).ToArray());
        }

        byte Padded(int channel, int x, int y) =>
            (x, y) is (>= 0 and < width, >= 0 and < height) || border != BorderMode.Constant
                ? image[(((channel * height) + Inside(y, height)) * width) + Inside(x, width)]
                : (byte)7;

        int Inside(int i, int size)
        {
            if (border == BorderMode.Edge)
                return Math.Clamp(i, 0, size - 1);
            while (i < 0 || i >= size)
                i = i < 0 ? -i : (2 * (size - 1)) - i;
            return i;
        }

        byte[] Followed(byte[] cropped, BorderMode mode)
        {
            byte[] current = cropped;
            (int currentWidth, int currentHeight) = (width, height);
            foreach (
                Action<AugmentationPlan> step in (Action<AugmentationPlan>[])
                    [p => p.FlipHorizontally(), p => p.Crop(2, 1, 8, 6), p => p.Crop(-3, 2, 8, 6, mode, 7)]
            )
            {
                plan.Begin(currentWidth, currentHeight, currentWidth, currentHeight);
                step(plan);
                current = work.Run(plan, current, currentWidth, currentHeight).ToArray();
                (currentWidth, currentHeight) = (plan.Width, plan.Height);
            }
            return current;
        }
    }

    [Fact]
    public void Shifts_by_the_whole_width_and_tiny_alphas_are_no_error()
    {
        var work = new WorkingImage();
        foreach (BorderMode border in Enum.GetValues<BorderMode>())
            for (int row = 0; row < 200; row++)
                Run(
                    Augment.Compose(
                        new Translate
                        {
                            MaxX = 1,
                            MaxY = 1,
                            Border = border,
                        },
                        new PadAndCrop { Padding = 40, Border = border },
                        new Rotate { Border = border }
                    ),
                    row,
                    work,
                    Image(11, 9),
                    11,
                    9
                );
        byte[] gray = new byte[3 * 20 * 20];
        Array.Fill(gray, (byte)100);
        for (int row = 0; row < 20; row++)
            Assert.NotEqual(new string('0', 6 * 400), Run(new AugMix { Alpha = 1e-6f }, row, work, gray, 20, 20));
    }

    [Fact]
    public void Noise_has_the_standard_deviation_that_was_drawn()
    {
        byte[] gray = new byte[3 * 100 * 100];
        Array.Fill(gray, (byte)128);
        var plan = new AugmentationPlan();
        plan.Begin(100, 100, 100, 100);
        new GaussianNoise { MinSigma = 10, MaxSigma = 10 }.Draw(DrawKey.For(1, 0, 0), plan);
        byte[] noisy = new WorkingImage().Run(plan, gray, 100, 100).ToArray();
        Assert.Equal(128, noisy.Average(value => (double)value), 0.4);
        Assert.Equal(10, Math.Sqrt(noisy.Average(value => (value - 128.0) * (value - 128.0))), 0.3);
    }

    [Fact]
    public void Elastic_moves_pixels_by_the_displacement_that_was_asked_for()
    {
        // An image of its own x coordinates: the differences are the displacements.
        const int size = 200;
        byte[] ramp = new byte[3 * size * size];
        for (int i = 0; i < ramp.Length; i++)
            ramp[i] = (byte)(i % size);
        var moves = new List<double>();
        var image = new WorkingImage();
        var plan = new AugmentationPlan();
        for (int row = 0; row < 8; row++)
        {
            plan.Begin(size, size, size, size);
            new Elastic { Displacement = 4 }.Draw(DrawKey.For(1, 0, row), plan);
            ReadOnlySpan<byte> moved = image.Run(plan, ramp, size, size);
            for (int y = 20; y < size - 20; y += 7)
            for (int x = 20; x < size - 20; x += 7)
                moves.Add(moved[(y * size) + x] - x);
        }
        Assert.InRange(Math.Sqrt(moves.Average(move => move * move)), 3.2, 4.8);
    }

    [Fact]
    public void A_scale_of_two_shows_the_middle()
    {
        using var golden = new GoldenImages();
        byte[] zoomed = golden.Apply(plan => new Scale { MinFactor = 2, MaxFactor = 2 }.Draw(default, plan));
        byte[] source = golden.Planes("source").Pixels;
        // The pixel at the center stays where it is.
        int middle = (36 * GoldenImages.Width) + 48;
        Assert.InRange(zoomed[middle] - source[middle], -3, 3);
    }

    [Fact]
    public void A_perspective_and_its_inverse_cancel()
    {
        Homography map = Homography.ToQuadrilateral(100, 80, [3, 5, 90, 2, 97, 75, 10, 70]);
        Assert.Equal((3.0, 5.0), Rounded(map.Map(0, 0)));
        Assert.Equal((97.0, 75.0), Rounded(map.Map(100, 80)));
        Homography there = map.After(map.Inverse()),
            back = map.Inverse().After(map);
        foreach ((double x, double y) in ((double, double)[])[(0, 0), (100, 0), (37, 61)])
        {
            Assert.Equal((x, y), Rounded(there.Map(x, y)));
            Assert.Equal((x, y), Rounded(back.Map(x, y)));
        }

        static (double, double) Rounded((double X, double Y) point) => (Math.Round(point.X, 6), Math.Round(point.Y, 6));
    }

    private static string Run(Augmentation operation, int row, WorkingImage work, byte[] image, int width = Width, int height = Height)
    {
        var plan = new AugmentationPlan();
        plan.Begin(width, height, width, height);
        operation.Draw(DrawKey.For(5, 1, row), plan);
        plan.End();
        return Convert.ToHexString(work.Run(plan, image, width, height));
    }

    private static byte[] Image(int width, int height)
    {
        byte[] image = new byte[3 * width * height];
        for (int i = 0; i < image.Length; i++)
            image[i] = (byte)(40 + (i % width * 2) + (i / width % height) + (i * 31 % 29));
        return image;
    }
}
