using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>Operators that sample images anew: resizing, grids, windows.</summary>
internal static class SamplingRules
{
    private static readonly (string Old, string New)[] GridModes = [("bilinear", "linear"), ("bicubic", "cubic")];

    public static IEnumerable<OpsetRule> All { get; } =
    [
        new(
            "RoiAlign",
            16,
            RoiAlign,
            node => node.Keep(node.Node.With(OnnxAttribute.Of("coordinate_transformation_mode", "output_half_pixel")))
        ),
        new("LpPool", 18, node => WithoutDefaults(node, "ceil_mode")),
        new("Resize", 18, Resize),
        new("AveragePool", 19, node => WithoutDefaults(node)),
        new("Resize", 19, HalfPixelSymmetric),
        new("GridSample", 20, GridSampleOf16, GridSampleOf20),
    ];

    private static void RoiAlign(NodeConversion node)
    {
        if (node.Node.String("coordinate_transformation_mode", "half_pixel") != "output_half_pixel")
            throw node.Impossible("before, its regions were not shifted by half a pixel and never smaller than one");
        node.KeepWithout("coordinate_transformation_mode");
    }

    /// <summary>Takes attributes away that pools did not have.</summary>
    private static void WithoutDefaults(NodeConversion node, params string[] switches)
    {
        if (node.Node.Ints("dilations")?.Any(d => d != 1) == true)
            throw node.Impossible("its windows are dilated");
        if (switches.FirstOrDefault(s => node.Node.Int(s, 0) != 0) is { } set)
            throw node.Impossible($"its {set} is set");
        node.KeepWithout(["dilations", .. switches]);
    }

    private static void Resize(NodeConversion node)
    {
        if (node.Node.Int("antialias", 0) != 0)
            throw node.Impossible("it is antialiased");
        if (node.Node.String("keep_aspect_ratio_policy", "stretch") is var policy && policy != "stretch")
            throw node.Impossible($"its keep_aspect_ratio_policy is '{policy}'");
        OnnxNode old = node.Node.Without("antialias", "axes", "keep_aspect_ratio_policy");
        if (node.Node.Ints("axes") is { } axes)
        {
            string x = node.Node.Inputs[0];
            if (node.Node.HasInput(1) && node.Node.String("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
                throw node.Impossible("it crops along some of its axes");
            // Axes that are not named keep their size.
            if (node.Node.HasInput(3))
            {
                old = old with
                {
                    Inputs =
                    [
                        x,
                        "",
                        "",
                        node.Add("ScatterElements", [node.Add("Shape", [x]), node.Ints("axes", axes), node.Node.Inputs[3]]),
                    ],
                };
            }
            else
            {
                string ones = node.Filled(1, OnnxElementType.Float, node.Rank(x));
                old = old with { Inputs = [x, "", node.Add("ScatterElements", [ones, node.Ints("axes", axes), node.Node.Inputs[2]])] };
            }
        }
        node.Keep(old);
    }

    private static void HalfPixelSymmetric(NodeConversion node)
    {
        if (node.Node.String("coordinate_transformation_mode", "half_pixel") == "half_pixel_symmetric")
            throw node.Impossible("its coordinate_transformation_mode is 'half_pixel_symmetric'");
        node.Keep(node.Node);
    }

    private static void GridSampleOf16(NodeConversion node)
    {
        if (node.Graph.Rank(node.Node.Inputs[0]) is int rank && rank != 4)
            throw node.Impossible($"it samples values of {rank} dimensions, before there were 4");
        string mode = node.Node.String("mode", "linear");
        node.Keep(node.Node.With(OnnxAttribute.Of("mode", GridModes.FirstOrDefault(m => m.New == mode, (Old: mode, New: mode)).Old)));
    }

    private static void GridSampleOf20(NodeConversion node)
    {
        string mode = node.Node.String("mode", "bilinear");
        node.Keep(node.Node.With(OnnxAttribute.Of("mode", GridModes.FirstOrDefault(m => m.Old == mode, (Old: mode, New: mode)).New)));
    }
}
