using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Tests.Augmentations;

/// <summary>An operation, its draw fixed, beside Pillow's image of the same name.</summary>
/// <param name="Name">The image's name in tests/Golden/image_ops.npz.</param>
/// <param name="Tolerance">By how many gray levels they may differ.</param>
/// <param name="OnAverage">Whether the mean difference counts, as resamplers differ at edges, or the largest.</param>
/// <param name="Run">Does the operation to the source image: planes.</param>
internal sealed record GoldenOperation(string Name, double Tolerance, bool OnAverage, Func<GoldenImages, byte[]> Run)
{
    public static IReadOnlyList<GoldenOperation> All { get; } =
    [
        Color("brightness_1.4", 0, new Brightness(), 1.4f),
        Color("brightness_0.6", 0, new Brightness(), 0.6f),
        Color("contrast_1.5", 0, new Contrast(), 1.5f),
        Color("saturation_0.3", 1, new Saturation(), 0.3f),
        Color("saturation_1.8", 1, new Saturation(), 1.8f),
        Color("hue_0.1", 1, new Hue(), 0.1f),
        Color("grayscale", 0, new Grayscale()),
        Color("invert", 0, new Invert()),
        Color("solarize_128", 0, new Solarize(), 128),
        Color("posterize_3", 0, new Posterize(), 3),
        Color("equalize", 0, new Equalize()),
        Color("autocontrast", 0, new AutoContrast()),
        Color("sharpness_2", 1, new Sharpness(), 2),
        Color("gaussian_blur_r2", 2, new GaussianBlur(), 2),
        Exact("flip_horizontal", plan => plan.FlipHorizontally()),
        Exact("flip_vertical", plan => plan.FlipVertically()),
        Exact("rotate_90", plan => plan.Rotate90(1)),
        Exact("translate_10_-5", plan => plan.Crop(-10, 5, GoldenImages.Width, GoldenImages.Height)),
        Resampled("rotate_15_bilinear", plan => new Rotate { MinDegrees = 15, MaxDegrees = 15 }.Draw(default, plan)),
        Resampled("affine_shear_x0.2_bilinear", plan => plan.Transform(new Homography(1, 0.2, 0, 0, 1, 0))),
        // Pillow's resize with a box looks beyond the box, a crop does not.
        Resampled(
            "crop_12_9_60_45_resize_32x32_bilinear_antialias",
            plan =>
            {
                plan.Crop(12, 9, 60, 45);
                plan.Resize(32, 32);
            }
        ),
        Resized("resize_48x48_bilinear_antialias", ResamplingFilter.Bilinear),
        Resized("resize_48x48_bicubic_antialias", ResamplingFilter.Bicubic),
    ];

    /// <summary>How much the operation's image differs from Pillow's.</summary>
    public double Difference(GoldenImages golden)
    {
        (byte[] expected, int width, int height) = golden.Planes(Name);
        byte[] actual = Run(golden);
        return actual.Length != expected.Length ? double.PositiveInfinity
            : OnAverage ? GoldenImages.MeanDifference(expected, actual, width, height, 0)
            : GoldenImages.MaxDifference(expected, actual);
    }

    private static GoldenOperation Color(string name, double tolerance, Augmentation operation, params float[] drawn) =>
        new(name, tolerance, false, golden => golden.Apply(plan => plan.Add((IPixelOperation)operation, default, drawn)));

    private static GoldenOperation Exact(string name, Action<AugmentationPlan> draw) => new(name, 0, false, golden => golden.Apply(draw));

    private static GoldenOperation Resampled(string name, Action<AugmentationPlan> draw) =>
        new(name, 0.5, true, golden => golden.Apply(draw));

    private static GoldenOperation Resized(string name, ResamplingFilter filter) =>
        new(
            name,
            1,
            false,
            golden =>
            {
                byte[] target = new byte[3 * 48 * 48];
                var resampler = new SeparableResampler();
                resampler.X.Set(0, GoldenImages.Width, 48, 0, GoldenImages.Width, filter);
                resampler.Y.Set(0, GoldenImages.Height, 48, 0, GoldenImages.Height, filter);
                resampler.Run(golden.Planes("source").Pixels, GoldenImages.Width, GoldenImages.Height, target);
                return target;
            }
        );
}
