using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Tests.Augmentations.Operations;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class ImageAugmenterTests
{
    private const int Canvas = 48,
        Size = 40,
        Rows = 64;

    [Fact]
    public void One_and_four_threads_give_equal_bytes()
    {
        byte[][] images = Images();
        byte[] one = All(1),
            four = All(4);
        Assert.Equal(one, four);

        byte[] All(int threads)
        {
            var augmenter = new ImageAugmenter(Augment.Standard(), Canvas, Canvas, Size, Size, seed: 3);
            byte[] result = new byte[Rows * augmenter.OutputSize];
            Parallel.For(
                0,
                Rows,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                row => augmenter.Apply(images[row], epoch: 2, row, result.AsSpan(row * augmenter.OutputSize, augmenter.OutputSize))
            );
            return result;
        }
    }

    [Fact]
    public void Rows_epochs_and_seeds_differ_and_the_same_ones_repeat()
    {
        byte[] image = Images()[0];
        var results = new List<byte[]>();
        foreach (ulong seed in (ulong[])[1, 2])
        {
            var augmenter = new ImageAugmenter(Augment.Standard(), Canvas, Canvas, Size, Size, seed);
            foreach ((int epoch, int row) in ((int, int)[])[(0, 0), (0, 1), (1, 0)])
            {
                results.Add(new byte[augmenter.OutputSize]);
                augmenter.Apply(image, epoch, row, results[^1]);
                byte[] again = new byte[augmenter.OutputSize];
                augmenter.Apply(image, epoch, row, again);
                Assert.Equal(results[^1], again);
            }
        }
        Assert.Equal(results.Count, results.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void No_augmentation_is_the_center_crop_of_scoring()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 32,
            Height = 28,
            CropFraction = 0.8f,
        };
        using var decoder = new ImageDecoder(preprocessing);
        byte[] canvas = new byte[decoder.CanvasBytes];
        new Random(1).NextBytes(canvas);
        byte[] expected = new byte[decoder.InputBytes],
            actual = new byte[decoder.InputBytes];
        decoder.CropCenter(canvas, expected);
        new ImageAugmenter(Augment.None(), preprocessing, 0).Apply(canvas, 0, 0, actual);
        Assert.Equal(expected, actual);
        float[] floats = new float[decoder.InputBytes];
        new ImageAugmenter(Augment.None(), preprocessing, 0).Apply(canvas, 0, 0, floats);
        Assert.Equal(expected.Select(value => (float)value), floats);
    }

    [Fact]
    public void It_allocates_nothing_in_steady_state()
    {
        byte[] image = Images()[0];
        var augmenter = new ImageAugmenter(Augment.Standard(), Canvas, Canvas, Size, Size, 1);
        byte[] result = new byte[augmenter.OutputSize];
        for (int row = 0; row < 200; row++)
            augmenter.Apply(image, 0, row, result);
        long allocated = SteadyAllocation.Of(() =>
        {
            for (int row = 0; row < 200; row++)
                augmenter.Apply(image, 1, row, result);
        });
        Assert.InRange(allocated, 0, 200 * 100);
    }

    [Theory]
    [MemberData(nameof(OperationTests.All), MemberType = typeof(OperationTests))]
    public void No_operation_allocates_more_than_a_few_hundred_bytes_an_image(Augmentation operation)
    {
        byte[] image = new byte[3 * 150 * 100];
        new Random(2).NextBytes(image);
        var augmenter = new ImageAugmenter(operation, 150, 100, 120, 80, 1);
        byte[] result = new byte[augmenter.OutputSize];
        for (int row = 0; row < 20; row++)
            augmenter.Apply(image, 0, row, result);
        long allocated = SteadyAllocation.Of(() =>
        {
            for (int row = 0; row < 20; row++)
                augmenter.Apply(image, 0, row, result);
        });
        Assert.InRange(allocated / 20, 0, 500);
    }

    [Fact]
    public void Resized_crops_cover_the_areas_and_ratios_that_were_asked_for()
    {
        var crop = new RandomResizedCrop { MinArea = 0.2f, MaxArea = 0.8f };
        var plan = new AugmentationPlan();
        var areas = new List<double>();
        var ratios = new List<double>();
        for (int row = 0; row < 5000; row++)
        {
            plan.Begin(400, 300, 224, 224);
            crop.Draw(DrawKey.For(1, 0, row), plan);
            Geometry geometry = plan.Steps[0].Geometry;
            Assert.True(geometry is { Left: >= 0, Top: >= 0, Right: <= 400, Bottom: <= 300 });
            (double width, double height) = (geometry.Right - geometry.Left, geometry.Bottom - geometry.Top);
            areas.Add(width * height / (400 * 300));
            ratios.Add(width / height);
        }
        Assert.InRange(areas.Min(), 0.19, 0.22);
        Assert.InRange(areas.Max(), 0.76, 0.81);
        // Tall windows of a large area do not fit and are drawn again, which pulls the mean below the middle.
        Assert.InRange(areas.Average(), 0.44, 0.5);
        Assert.InRange(ratios.Min(), 0.74, 0.77);
        Assert.InRange(ratios.Max(), 1.3, 1.35);
    }

    [Fact]
    public void Sometimes_and_OneOf_keep_their_shares()
    {
        var plan = new AugmentationPlan();
        int flips = 0,
            brightness = 0,
            contrast = 0;
        Augmentation policy = Augment.Compose(
            Augment.Sometimes(0.3f, new HorizontalFlip { Probability = 1 }),
            Augment.OneOf(new Brightness(), new Contrast())
        );
        for (int row = 0; row < 10_000; row++)
        {
            plan.Begin(8, 8, 8, 8);
            policy.Draw(DrawKey.For(1, 0, row), plan);
            foreach (PlannedStep step in plan.Steps)
            {
                flips += step.Operation is null ? 1 : 0;
                brightness += step.Operation is Brightness ? 1 : 0;
                contrast += step.Operation is Contrast ? 1 : 0;
            }
        }
        Assert.InRange(flips, 3000 - 275, 3000 + 275);
        Assert.InRange(brightness, 5000 - 300, 5000 + 300);
        Assert.Equal(10_000, brightness + contrast);
    }

    private static byte[][] Images()
    {
        var random = new Random(1);
        byte[][] images = new byte[Rows][];
        for (int row = 0; row < Rows; row++)
            random.NextBytes(images[row] = new byte[3 * Canvas * Canvas]);
        return images;
    }
}
