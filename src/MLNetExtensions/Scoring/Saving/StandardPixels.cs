using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// The nodes at the beginning of a saved model that turn the pixels of ML.NET's ExtractPixels into the input of a model for gray images or
/// images with alpha. They compute whole numbers below 2^24, exact in floats, and so give the same values as <see cref="ImageDecoder"/>.
/// </summary>
internal static class StandardPixels
{
    private const string CanvasKey = "mlnetextensions.canvas";

    /// <summary>True if a model's pixels differ from those that ExtractPixels makes.</summary>
    public static bool AreNeeded(ImagePreprocessing preprocessing, ImageColumn image) => preprocessing.ChannelCount != 3 && !image.IsPixels;

    /// <summary>
    /// The model for red, green and blue planes (gray), or alpha, red, green and blue planes, colors multiplied by alpha.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Its input that has the canvas: gray, or red, green, blue and alpha; keeps its name.</param>
    public static OnnxGraph Prepend(OnnxGraph model, string input)
    {
        OnnxValue canvas = model.Inputs.First(i => i.Name == input);
        bool isGray = canvas.Shape![1].Size == 1;
        var steps = new StepList(model, input);
        if (isGray)
            Gray(steps);
        else
            Unpremultiply(steps);
        OnnxDimension[] shape = [canvas.Shape[0], new(isGray ? 3 : 4), .. canvas.Shape.Skip(2)];
        return steps.Prepend(input, canvas with { Shape = shape }) with
        {
            IrVersion = Math.Max(model.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            Metadata =
                model.Inputs.Count > 1 ? model.Metadata : new Dictionary<string, string>(model.Metadata) { [CanvasKey] = steps.Value },
        };
    }

    /// <summary>The model that was saved, as it was before <see cref="Prepend"/>; null if nothing was prepended.</summary>
    public static OnnxGraph? Remove(OnnxGraph saved)
    {
        if (!saved.Metadata.TryGetValue(CanvasKey, out string? canvas))
            return null;
        OnnxValue input = saved.Inputs[0];
        bool isGray = input.Shape![1].Size == 3;
        OnnxNode[] added = [.. saved.Nodes.TakeWhile(n => !n.Outputs.Contains(canvas)), saved.ProducerOf(canvas)!];
        OnnxNode[] nodes = [.. saved.Nodes.Skip(added.Length)];
        HashSet<string> constants = [.. added.SelectMany(n => n.Inputs).Except(nodes.SelectMany(n => n.Inputs))];
        return saved with
        {
            Inputs = [input with { Name = canvas, Shape = [input.Shape[0], new(isGray ? 1 : 4), .. input.Shape.Skip(2)] }],
            Nodes = nodes,
            Initializers = new OrderedDictionary<string, OnnxTensor>(saved.Initializers.Where(c => !constants.Contains(c.Key))),
            Metadata = saved.Metadata.Where(m => m.Key != CanvasKey).ToDictionary(),
        };
    }

    private static void Gray(StepList steps)
    {
        OnnxTensor weights = OnnxTensor.FromFloats("gray/weights", [1, 3, 1, 1], [.. Luma.Weights.ToArray().Select(w => (float)w)]),
            half = OnnxTensor.FromFloats("gray/half", [1], [Luma.One / 2]);
        steps.Add("Conv", "gray/sum", [steps.Value, steps.Constant(weights), steps.Constant(half)]);
        steps.Add("Mul", "gray/level", [steps.Value, steps.Constant(OnnxTensor.FromFloats("gray/scale", [1], [1f / Luma.One]))]);
        steps.Add("Floor", "gray", [steps.Value]);
    }

    private static void Unpremultiply(StepList steps)
    {
        string pixels = steps.Value;
        string alpha = Channels(steps, pixels, "alpha", [0]),
            colors = Channels(steps, pixels, "colors", [1, 2, 3]);
        string most = steps.Constant(OnnxTensor.FromFloats("most", [1], [255])),
            half = steps.Constant(OnnxTensor.FromFloats("half", [1], [0.5f]));
        string quotient = steps.Node("Div", "quotient", [steps.Node("Mul", "scaled", [colors, most]), Clip(steps, alpha, "divisor", 1)]);
        string rounded = steps.Node("Floor", "rounded", [steps.Node("Add", "raised", [quotient, half])]);
        steps.Add("Concat", "rgba", [Clip(steps, rounded, "limited", 0), alpha], OnnxAttribute.Of("axis", 1L));
    }

    // Opset 11 moved the limits from attributes to inputs.
    private static string Clip(StepList steps, string value, string name, float least) =>
        steps.Opset < 11
            ? steps.Node("Clip", name, [value], OnnxAttribute.Of("min", least), OnnxAttribute.Of("max", 255f))
            : steps.Node(
                "Clip",
                name,
                [
                    value,
                    steps.Constant(OnnxTensor.FromFloats(name + "/least", [], [least])),
                    steps.Constant(OnnxTensor.FromFloats(name + "/most", [], [255])),
                ]
            );

    private static string Channels(StepList steps, string pixels, string name, long[] channels) =>
        steps.Node(
            "Gather",
            name,
            [pixels, steps.Constant(OnnxTensor.FromInt64s(name + "/planes", [channels.Length], channels))],
            OnnxAttribute.Of("axis", 1L)
        );
}
