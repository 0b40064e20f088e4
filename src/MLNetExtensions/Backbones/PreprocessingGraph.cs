using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Puts a network's preprocessing inside its graph: centre crop, channel order, arithmetic, layout. What is added is named
/// <see cref="Prefix"/>..., which training leaves alone.
/// </summary>
internal static class PreprocessingGraph
{
    /// <summary>The beginning of the name of every node, value and constant that is added.</summary>
    public const string Prefix = "mlnetx/";

    /// <summary>Whether a value was added here: its constants look like parameters but belong to the pictures.</summary>
    public static bool IsAdded(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// The network with a new input: Float[batch,3,CanvasHeight,CanvasWidth], or [batch,3,Height,Width] without the crop; planar red, green,
    /// blue, 0..255.
    /// </summary>
    /// <param name="backbone">The network; its one input is replaced.</param>
    /// <param name="preprocessing">What it expects of a picture.</param>
    /// <param name="cropInGraph">Whether the pictures come in canvas size.</param>
    /// <param name="inputName">The name of the new input; may be that of the old one.</param>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network, or the graph has another value of that name.</exception>
    public static OnnxGraph Prepend(OnnxGraph backbone, ImagePreprocessing preprocessing, bool cropInGraph, string inputName)
    {
        BackboneInput input = BackboneInput.Find(backbone, $"The graph '{backbone.Name}'");
        if (input.Problem(preprocessing) is string problem)
            throw new ArgumentException($"The graph '{backbone.Name}': {problem}", nameof(preprocessing));
        if (!input.HasSizeOf(preprocessing))
            throw new ArgumentException($"The graph '{backbone.Name}': the preprocessing makes pictures of {preprocessing.Width}x{preprocessing.Height}, the input '{input.Name}' takes {input.Size}.", nameof(preprocessing));
        if (inputName != input.Name && (backbone.Initializers.ContainsKey(inputName) || backbone.Nodes.Any(n => n.Outputs.Contains(inputName))))
            throw new ArgumentException($"The graph '{backbone.Name}' has a value named '{inputName}' already; choose another name for the input.", nameof(inputName));

        var steps = new Steps(backbone, inputName);
        if (cropInGraph)
            Crop(steps, preprocessing);
        if (preprocessing.Channels == ImageChannelOrder.Bgr)
            steps.Add("Gather", "bgr", [steps.Constant(OnnxTensor.FromInt64s("bgr/order", [3], [2, 1, 0]))], OnnxAttribute.Of("axis", 1L));
        Normalise(steps, preprocessing);
        if (preprocessing.ChannelsLast)
            steps.Add("Transpose", "nhwc", [], OnnxAttribute.Of("perm", 0L, 2L, 3L, 1L));

        return backbone with
        {
            Inputs =
            [
                cropInGraph
                    ? OnnxValue.Create(inputName, OnnxElementType.Float, -1, 3, preprocessing.CanvasHeight, preprocessing.CanvasWidth)
                    : OnnxValue.Create(inputName, OnnxElementType.Float, -1, 3, preprocessing.Height, preprocessing.Width),
            ],
            Nodes =
            [
                .. steps.Nodes,
                .. backbone.Nodes.Select(n => n.Inputs.Contains(input.Name)
                    ? n with { Inputs = [.. n.Inputs.Select(i => i == input.Name ? steps.Value : i)] }
                    : n),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(steps.Constants.Concat(backbone.Initializers)),
            ValueInfos = [.. backbone.ValueInfos.Where(v => v.Name != inputName)],
        };
    }

    private static void Crop(Steps steps, ImagePreprocessing preprocessing)
    {
        int top = (preprocessing.CanvasHeight - preprocessing.Height) / 2;
        int left = (preprocessing.CanvasWidth - preprocessing.Width) / 2;
        if (preprocessing.CanvasHeight == preprocessing.Height && preprocessing.CanvasWidth == preprocessing.Width)
            return;
        long[] starts = [top, left];
        long[] ends = [top + preprocessing.Height, left + preprocessing.Width];
        // Opset 10 moved the bounds from attributes to inputs.
        if (steps.Opset < 10)
            steps.Add("Slice", "crop", [], OnnxAttribute.Of("starts", starts), OnnxAttribute.Of("ends", ends), OnnxAttribute.Of("axes", 2L, 3L));
        else
            steps.Add("Slice", "crop",
            [
                steps.Constant(OnnxTensor.FromInt64s("crop/starts", [2], starts)),
                steps.Constant(OnnxTensor.FromInt64s("crop/ends", [2], ends)),
                steps.Constant(OnnxTensor.FromInt64s("crop/axes", [2], [2, 3])),
            ]);
    }

    /// <summary>(x * scale - mean) / deviation as one product and one sum, either left out where it changes nothing.</summary>
    private static void Normalise(Steps steps, ImagePreprocessing preprocessing)
    {
        var factor = new float[3];
        var offset = new float[3];
        for (int c = 0; c < 3; c++)
        {
            factor[c] = (float)((double)preprocessing.Scale / preprocessing.StandardDeviation[c]);
            offset[c] = (float)(-(double)preprocessing.Mean[c] / preprocessing.StandardDeviation[c]);
        }
        if (factor.Any(f => f != 1))
            steps.Add("Mul", "scaled", [steps.Constant(OnnxTensor.FromFloats("scale", [1, 3, 1, 1], factor))]);
        if (offset.Any(o => o != 0))
            steps.Add("Add", "normalised", [steps.Constant(OnnxTensor.FromFloats("offset", [1, 3, 1, 1], offset))]);
    }

    /// <summary>A chain of nodes from the new input on.</summary>
    private sealed class Steps(OnnxGraph graph, string input)
    {
        private readonly ValueNames _names = new(graph);

        public int Opset => graph.Opset;

        public List<OnnxNode> Nodes { get; } = [];

        public OrderedDictionary<string, OnnxTensor> Constants { get; } = [];

        /// <summary>The end of the chain so far.</summary>
        public string Value { get; private set; } = input;

        public string Constant(OnnxTensor tensor)
        {
            string name = _names.Take(Prefix + tensor.Name);
            Constants[name] = tensor.Rename(name);
            return name;
        }

        public void Add(string opType, string name, string[] constants, params OnnxAttribute[] attributes)
        {
            string output = _names.Take(Prefix + name);
            Nodes.Add(OnnxNode.Create(opType, [Value, .. constants], [output], attributes));
            Value = output;
        }
    }
}
