using System.Globalization;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Puts a network's preprocessing inside its graph: center crop, channel order, arithmetic, layout. What is added is named
/// <see cref="StepList.Prefix"/>..., which training leaves alone.
/// </summary>
internal static class PreprocessingGraph
{
    private const string ViewsKey = "mlnetextensions.views";

    /// <summary>The number of rows that a network makes of each image: the views that <see cref="Prepend"/> put before it.</summary>
    public static int ViewCount(OnnxGraph network) =>
        network.Metadata.TryGetValue(ViewsKey, out string? views) ? int.Parse(views, CultureInfo.InvariantCulture) : 1;

    /// <summary>
    /// The network with a new input: Float[batch,channels,CanvasHeight,CanvasWidth], or [batch,channels,Height,Width] without the crop;
    /// planes of 0..255, in the order red, green, blue, alpha, or one of gray.
    /// </summary>
    /// <param name="backbone">The network; its one input is replaced.</param>
    /// <param name="preprocessing">The preprocessing that it expects.</param>
    /// <param name="cropInGraph">True if the images come in canvas size.</param>
    /// <param name="inputName">The name of the new input; may be that of the old one.</param>
    /// <param name="views">
    /// Where images come in canvas size: the views that take the center crop's place. All images' first views become the first rows of the
    /// network's batch, and so on; the metadata says how many there are (<see cref="ViewCount"/>).
    /// </param>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network, or the graph has another value of that
    /// name.</exception>
    public static OnnxGraph Prepend(
        OnnxGraph backbone,
        ImagePreprocessing preprocessing,
        bool cropInGraph,
        string inputName,
        TestTimeAugmentation? views = null
    )
    {
        BackboneInput input = BackboneInput.Find(backbone, $"The graph '{backbone.Name}'");
        if (input.Problem(preprocessing) is string problem)
            throw new ArgumentException($"The graph '{backbone.Name}': {problem}", nameof(preprocessing));
        if (!input.HasSizeOf(preprocessing))
            throw new ArgumentException(
                $"The graph '{backbone.Name}': the preprocessing makes images of {preprocessing.Width}x{preprocessing.Height}, the "
                    + $"input '{input.Name}' takes {input.Size}.",
                nameof(preprocessing)
            );
        if (
            inputName != input.Name
            && (backbone.Initializers.ContainsKey(inputName) || backbone.Nodes.Any(n => n.Outputs.Contains(inputName)))
        )
            throw new ArgumentException(
                $"The graph '{backbone.Name}' has a value named '{inputName}' already; choose another name for the input.",
                nameof(inputName)
            );

        var steps = new StepList(backbone, inputName);
        int viewCount = 1;
        if (cropInGraph && views?.ViewsOf(preprocessing) is { Length: > 1 } several)
        {
            steps.Add(
                "Concat",
                "views",
                [.. several.Select(view => View(steps, preprocessing, view.Left, view.Top, view.IsMirrored))],
                OnnxAttribute.Of("axis", 0L)
            );
            viewCount = several.Length;
        }
        else if (cropInGraph)
        {
            steps.GoOnFrom(Crop(steps, preprocessing, preprocessing.CropLeft, preprocessing.CropTop));
        }
        if (preprocessing.Channels is ImageChannelOrder.Bgr or ImageChannelOrder.Bgra)
        {
            long[] order = [.. preprocessing.PlaneOrder.ToArray().Select(plane => (long)plane)];
            steps.Add(
                "Gather",
                "bgr",
                [steps.Value, steps.Constant(OnnxTensor.FromInt64s("bgr/order", [order.Length], order))],
                OnnxAttribute.Of("axis", 1L)
            );
        }
        Normalize(steps, preprocessing);
        if (input.Layout == ImageLayout.ChannelsLast)
            steps.Add("Transpose", "nhwc", [steps.Value], OnnxAttribute.Of("perm", 0L, 2L, 3L, 1L));
        else if (input.Layout == ImageLayout.NoChannels)
            steps.Add(
                "Reshape",
                "nhw",
                [steps.Value, steps.Constant(OnnxTensor.FromInt64s("nhw/shape", [3], [-1, preprocessing.Height, preprocessing.Width]))]
            );
        if (input.IsHalf)
            steps.Add("Cast", "half", [steps.Value], OnnxAttribute.Of("to", (long)OnnxElementType.Float16));

        (int height, int width) = cropInGraph
            ? (preprocessing.CanvasHeight, preprocessing.CanvasWidth)
            : (preprocessing.Height, preprocessing.Width);
        return steps.Prepend(input.Name, OnnxValue.Create(inputName, OnnxElementType.Float, -1, input.Channels, height, width)) with
        {
            ValueInfos = [.. backbone.ValueInfos.Where(v => v.Name != inputName)],
            Metadata =
                viewCount == 1
                    ? backbone.Metadata
                    : new Dictionary<string, string>(backbone.Metadata) { [ViewsKey] = viewCount.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private static string View(StepList steps, ImagePreprocessing preprocessing, int left, int top, bool isMirrored)
    {
        string view = Crop(steps, preprocessing, left, top);
        if (!isMirrored)
            return view;
        long[] columns = [.. Enumerable.Range(0, preprocessing.Width).Reverse().Select(x => (long)x)];
        return steps.Node(
            "Gather",
            "mirrored",
            [view, steps.Constant(OnnxTensor.FromInt64s("mirrored/columns", [columns.Length], columns))],
            OnnxAttribute.Of("axis", 3L)
        );
    }

    private static string Crop(StepList steps, ImagePreprocessing preprocessing, int left, int top)
    {
        if (preprocessing.CanvasHeight == preprocessing.Height && preprocessing.CanvasWidth == preprocessing.Width)
            return steps.Value;
        long[] starts = [top, left];
        long[] ends = [top + preprocessing.Height, left + preprocessing.Width];
        // Opset 10 moved the bounds from attributes to inputs.
        return steps.Opset < 10
            ? steps.Node(
                "Slice",
                "crop",
                [steps.Value],
                OnnxAttribute.Of("starts", starts),
                OnnxAttribute.Of("ends", ends),
                OnnxAttribute.Of("axes", 2L, 3L)
            )
            : steps.Node(
                "Slice",
                "crop",
                [
                    steps.Value,
                    steps.Constant(OnnxTensor.FromInt64s("crop/starts", [2], starts)),
                    steps.Constant(OnnxTensor.FromInt64s("crop/ends", [2], ends)),
                    steps.Constant(OnnxTensor.FromInt64s("crop/axes", [2], [2, 3])),
                ]
            );
    }

    /// <summary>(x * scale - mean) / deviation as one product and one sum, either left out where it changes nothing.</summary>
    private static void Normalize(StepList steps, ImagePreprocessing preprocessing)
    {
        int channels = preprocessing.ChannelCount;
        var factor = new float[channels];
        var offset = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            factor[c] = (float)((double)preprocessing.Scale / preprocessing.StandardDeviation[c]);
            offset[c] = (float)(-(double)preprocessing.Mean[c] / preprocessing.StandardDeviation[c]);
        }
        if (factor.Any(f => f != 1))
            steps.Add("Mul", "scaled", [steps.Value, steps.Constant(OnnxTensor.FromFloats("scale", [1, channels, 1, 1], factor))]);
        if (offset.Any(o => o != 0))
            steps.Add("Add", "normalized", [steps.Value, steps.Constant(OnnxTensor.FromFloats("offset", [1, channels, 1, 1], offset))]);
    }
}
