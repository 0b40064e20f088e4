using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>A model with its preprocessing inside, from a canvas of pixels to logits.</summary>
internal sealed class ExplainableModel
{
    private const string Pixels = "mlnetx.explained.pixels";

    /// <param name="graph">A model that this library exported, or a network.</param>
    /// <param name="preprocessing">The preprocessing of a network; null for what its metadata says.</param>
    /// <exception cref="ArgumentException">It is not known how images become the network's input, or the model makes several views of an
    /// image.</exception>
    public ExplainableModel(OnnxGraph graph, ImagePreprocessing? preprocessing)
    {
        if (PreprocessingGraph.ViewCount(graph) > 1)
            throw new ArgumentException(
                $"The model '{graph.Name}' makes {PreprocessingGraph.ViewCount(graph)} views of each image (test-time augmentation), and "
                    + "its scores are their means. Explain a model that was trained without it.",
                nameof(graph)
            );
        ClassNames = LabelList.Find(null, null, graph.Metadata, $"The model '{graph.Name}'") ?? [];
        ImagePreprocessing? stated = PreprocessingJson.Find(graph.Metadata, $"The model '{graph.Name}'");
        if (ExportedModel.Is(graph))
        {
            Preprocessing = stated!;
            graph = ExportedModel.Network(graph);
        }
        else
        {
            Preprocessing =
                preprocessing
                ?? stated
                ?? throw new ArgumentException(
                    $"The model '{graph.Name}' does not say how images become its input. Set Preprocessing in the options (size, crop, "
                        + "channel order, scale, mean, standard deviation) as the model was trained.",
                    nameof(graph)
                );
            PreprocessingCheck.Throw(Preprocessing);
            graph = PreprocessingGraph.Prepend(graph, Preprocessing, cropInGraph: true, Pixels);
        }
        Network = new ExplainedNetwork(graph);
        (CropLeft, CropTop, CropWidth, CropHeight) = Crop(Network.Graph);
    }

    /// <summary>The network: from canvases, Float [batch, channels, CanvasHeight, CanvasWidth], 0 to 255.</summary>
    public ExplainedNetwork Network { get; }

    /// <summary>How images become canvases.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>The names of the outputs; empty where the model does not tell.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The canvas's width.</summary>
    public int Width => Preprocessing.CanvasWidth;

    /// <summary>The canvas's height.</summary>
    public int Height => Preprocessing.CanvasHeight;

    /// <summary>The left edge of what the network sees of the canvas.</summary>
    public int CropLeft { get; }

    /// <summary>The top edge of it.</summary>
    public int CropTop { get; }

    /// <summary>The width of it.</summary>
    public int CropWidth { get; }

    /// <summary>The height of it.</summary>
    public int CropHeight { get; }

    /// <summary>The part of the canvas that the crop's node keeps; all of it without one.</summary>
    private (int Left, int Top, int Width, int Height) Crop(OnnxGraph graph)
    {
        OnnxNode? crop = graph.Nodes.FirstOrDefault(node =>
            node.OpType == "Slice" && node.Inputs[0] == graph.Inputs[0].Name && StepList.IsAdded(node.Outputs[0])
        );
        if (crop is null)
            return (0, 0, Width, Height);
        // Opset 10 moved the bounds from attributes to inputs.
        long[] starts = crop.Ints("starts") ?? ConstantNode.Find(graph, crop.Inputs[1])!.ToInt64s(),
            ends = crop.Ints("ends") ?? ConstantNode.Find(graph, crop.Inputs[2])!.ToInt64s();
        return ((int)starts[1], (int)starts[0], (int)(ends[1] - starts[1]), (int)(ends[0] - starts[0]));
    }
}
