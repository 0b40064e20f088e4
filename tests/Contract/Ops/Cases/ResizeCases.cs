using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Resize in its modes and coordinate transformations, enlarging and shrinking.</summary>
internal static class ResizeCases
{
    public static readonly OpCase[] All =
    [
        Sizes("nearest, twice", [8, 10], Of("mode", "nearest")),
        Sizes(
            "nearest, twice, asymmetric floor",
            [8, 10],
            Of("mode", "nearest"),
            Of("coordinate_transformation_mode", "asymmetric"),
            Of("nearest_mode", "floor")
        ),
        Sizes("nearest, ceil, odd sizes", [7, 3], Of("mode", "nearest"), Of("nearest_mode", "ceil")),
        Sizes("linear, half_pixel", [7, 9], Of("mode", "linear")),
        Sizes("linear, shrinking", [3, 2], Of("mode", "linear")),
        Sizes("linear, align_corners", [7, 9], Of("mode", "linear"), Of("coordinate_transformation_mode", "align_corners")),
        Sizes("linear, asymmetric", [7, 9], Of("mode", "linear"), Of("coordinate_transformation_mode", "asymmetric")),
        Sizes(
            "linear, pytorch_half_pixel to one",
            [1, 3],
            Of("mode", "linear"),
            Of("coordinate_transformation_mode", "pytorch_half_pixel")
        ),
        Sizes("linear, antialias", [2, 3], Of("mode", "linear"), Of("antialias", 1L)),
        Sizes("cubic, half_pixel", [8, 7], Of("mode", "cubic")),
        Sizes("cubic, coefficient, exclude_outside", [8, 7], Of("mode", "cubic"), Of("cubic_coeff_a", -0.5f), Of("exclude_outside", 1L)),
        Scales("linear, by 1.7 and 0.6", [1.7f, 0.6f], Of("mode", "linear")),
        Scales("nearest, by 1.5", [1.5f, 1.5f], Of("mode", "nearest"), Of("nearest_mode", "round_prefer_ceil")),
        new(
            "Resize, tf_crop_and_resize",
            "Resize",
            [Floats(1, 1, 4, 5), Constant(0f, 0f, 0.2f, 0.3f, 1f, 1f, 0.7f, 1.4f), Absent, Constant(1L, 1, 3, 4)],
            Of("mode", "linear"),
            Of("coordinate_transformation_mode", "tf_crop_and_resize"),
            Of("extrapolation_value", 9f)
        ),
    ];

    private static OpCase Sizes(string name, long[] sizes, params OnnxAttribute[] attributes) =>
        new($"Resize, {name}", "Resize", [Floats(1, 2, 4, 5), Absent, Absent, Constant([1, 2, .. sizes])], attributes);

    private static OpCase Scales(string name, float[] scales, params OnnxAttribute[] attributes) =>
        new($"Resize, {name}", "Resize", [Floats(1, 2, 4, 5), Absent, Constant([1, 1, .. scales])], attributes);
}
