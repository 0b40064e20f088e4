namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// The sampling of one axis of a Resize: each output's position in the input, and from it the nearest element or the weights of its
/// neighbors.
/// </summary>
internal sealed class ResizeAxis
{
    private readonly string _mode,
        _transformation;
    private readonly bool _antialias;
    private readonly float _scale;

    /// <param name="op">The node.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="output">The output's size.</param>
    /// <param name="scale">The factor, which need not be output / input.</param>
    /// <param name="region">The start and end of the region of interest, relative to the input.</param>
    public ResizeAxis(OpNode op, int axis, long input, long output, float scale, (float Start, float End) region)
    {
        (Axis, Input, Output, _scale) = (axis, input, output, scale);
        _mode = op.Node.String("mode", "nearest");
        _transformation = op.Node.String("coordinate_transformation_mode", "half_pixel");
        _antialias = op.Node.Int("antialias", 0) != 0;
        float[] places = [.. Enumerable.Range(0, (int)output).Select(i => Place(op, i, region))];
        Outside = [.. places.Select(place => _transformation == "tf_crop_and_resize" && (place < 0 || place > input - 1))];
        if (_mode == "nearest")
        {
            string rounding = op.Node.String("nearest_mode", "round_prefer_floor");
            Nearest = [.. places.Select(place => Math.Clamp(Round(op, place, rounding), 0, input - 1))];
        }
        else
        {
            Weights = Weigh(op, places);
        }
    }

    /// <summary>The axis.</summary>
    public int Axis { get; }

    /// <summary>The input's size.</summary>
    public long Input { get; }

    /// <summary>The output's size.</summary>
    public long Output { get; }

    /// <summary>For mode nearest, the input element of each output.</summary>
    public long[] Nearest { get; } = [];

    /// <summary>For the other modes, the share of each input (row) in each output (column).</summary>
    public float[] Weights { get; } = [];

    /// <summary>True for each output that lies outside the input and gets the extrapolation value.</summary>
    public bool[] Outside { get; }

    /// <summary>True if each output is element floor(i * input / output), as in the runtimes' own nearest interpolation.</summary>
    public bool IsFloorNearest =>
        !Outside.Contains(true) && Nearest.Select((element, i) => element == i * Input / Output).All(same => same);

    /// <summary>True if the runtimes' linear interpolation, at half pixels or with aligned corners, computes the same values.</summary>
    public bool IsPlainLinear(bool alignCorners) =>
        !_antialias
        && (
            alignCorners
                ? _transformation == "align_corners"
                : (_transformation == "half_pixel" || (_transformation == "pytorch_half_pixel" && Output > 1))
                    && _scale == Output / (float)Input
        );

    /// <summary>The axes that change, each with the factor that ONNX's formulas use.</summary>
    public static ResizeAxis[] Of(OpNode op)
    {
        long[] input = op.InputType(0).Shape,
            output = op.OutputType(0).Shape;
        long[] named = op.Node.Ints("axes") ?? [.. Enumerable.Range(0, input.Length).Select(axis => (long)axis)];
        float[]? scales = op.Node.HasInput(2)
            ? (op.ConstantInput(2) ?? throw op.Unsupported("scales computed at run time")).ToFloats()
            : null;
        long[]? sizes = op.ConstantInt64s(3);
        float[] roi = op.Node.HasInput(1) ? (op.ConstantInput(1) ?? throw op.Unsupported("a region computed at run time")).ToFloats() : [];
        bool crops = op.Node.String("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize";
        if (scales is not { Length: > 0 })
            scales = Scales(op.Node.String("keep_aspect_ratio_policy", "stretch"));

        var axes = new List<ResizeAxis>();
        for (int i = 0; i < named.Length; i++)
        {
            int axis = Axes.FromFront(named[i], input.Length);
            (float, float) region = roi.Length == 2 * named.Length ? (roi[i], roi[i + named.Length]) : (0, 1);
            if (input[axis] != output[axis] || scales[i] != 1 || (crops && region != (0, 1)))
                axes.Add(new ResizeAxis(op, axis, input[axis], output[axis], scales[i], region));
        }
        return [.. axes];

        float[] Scales(string policy)
        {
            if (sizes is null)
                throw op.Unsupported("neither scales nor sizes");
            float[] own = [.. named.Select((axis, i) => sizes[i] / (float)input[Axes.FromFront(axis, input.Length)])];
            return policy switch
            {
                "not_larger" => [.. own.Select(_ => own.Min())],
                "not_smaller" => [.. own.Select(_ => own.Max())],
                _ => own,
            };
        }
    }

    /// <summary>ONNX's coordinate transformations, in 32 bits as ONNX Runtime computes them, so that ties fall alike.</summary>
    private float Place(OpNode op, int i, (float Start, float End) region) =>
        _transformation switch
        {
            "half_pixel" => ((i + 0.5f) / _scale) - 0.5f,
            "pytorch_half_pixel" => Output > 1 ? ((i + 0.5f) / _scale) - 0.5f : 0,
            "half_pixel_symmetric" => (Input / 2f * (1 - (Output / (_scale * Input)))) + ((i + 0.5f) / _scale) - 0.5f,
            "align_corners" => Output > 1 ? i * (Input - 1f) / (Output - 1f) : 0,
            "asymmetric" => i / _scale,
            "tf_crop_and_resize" => Output > 1
                ? (region.Start * (Input - 1)) + (i * (region.End - region.Start) * (Input - 1) / (Output - 1))
                : 0.5f * (region.Start + region.End) * (Input - 1),
            _ => throw op.Unsupported($"coordinate_transformation_mode '{_transformation}'"),
        };

    private static long Round(OpNode op, float place, string rounding) =>
        rounding switch
        {
            "round_prefer_floor" => (long)MathF.Ceiling(place - 0.5f),
            "round_prefer_ceil" => (long)MathF.Floor(place + 0.5f),
            "floor" => (long)MathF.Floor(place),
            "ceil" => (long)MathF.Ceiling(place),
            _ => throw op.Unsupported($"nearest_mode '{rounding}'"),
        };

    private float[] Weigh(OpNode op, float[] places)
    {
        float a = op.Node.Float("cubic_coeff_a", -0.75f);
        (Func<double, double> kernel, int radius) = _mode switch
        {
            "linear" => ((Func<double, double>)(d => Math.Max(0, 1 - Math.Abs(d))), 1),
            "cubic" => (d => Cubic(Math.Abs(d), a), 2),
            _ => throw op.Unsupported($"mode '{_mode}'"),
        };
        // Antialiasing stretches the kernel when shrinking.
        double stretch = _antialias ? Math.Max(1, 1.0 / _scale) : 1;
        bool excludeOutside = op.Node.Int("exclude_outside", 0) != 0;
        var weights = new float[Input * Output];
        for (long o = 0; o < Output; o++)
        {
            long first = (long)Math.Ceiling(places[o] - (radius * stretch)),
                last = (long)Math.Floor(places[o] + (radius * stretch));
            double sum = 0;
            for (long tap = first; tap <= last; tap++)
                if (!excludeOutside || (tap >= 0 && tap < Input))
                    sum += kernel((tap - places[o]) / stretch);
            for (long tap = first; tap <= last; tap++)
                if (!excludeOutside || (tap >= 0 && tap < Input))
                    weights[(Math.Clamp(tap, 0, Input - 1) * Output) + o] += (float)(kernel((tap - places[o]) / stretch) / sum);
        }
        return weights;
    }

    /// <summary>Keys' cubic convolution (1981); ONNX's default coefficient is PyTorch's, -0.75.</summary>
    private static double Cubic(double d, double a) =>
        d switch
        {
            <= 1 => ((((a + 2) * d) - (a + 3)) * d * d) + 1,
            < 2 => (((((d - 5) * d) + 8) * d) - 4) * a,
            _ => 0,
        };
}
