using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>A backbone from an image's pixels to its maps of features, to put a head behind them.</summary>
internal sealed class DenseBackbone
{
    private const string PixelsName = StepList.Prefix + "pixels";

    /// <param name="backbone">The network.</param>
    /// <param name="preprocessing">How images become its input; no part of the image is cropped away.</param>
    /// <param name="strides">The strides of the maps, finest first.</param>
    /// <exception cref="ArgumentException">The backbone lacks maps of these strides.</exception>
    /// <exception cref="OnnxFormatException">The backbone does not take images of this size.</exception>
    public DenseBackbone(Backbone backbone, ImagePreprocessing preprocessing, IReadOnlyList<int> strides)
    {
        Backbone resized = Backbone.FromGraph(
            backbone.Graph,
            preprocessing,
            backbone.Name,
            DeepestMap(backbone, preprocessing, strides[^1])
        );
        OnnxGraph network = Ready(BackboneCut.Cut(resized), preprocessing);
        Maps = FeatureMaps.Find(network, (preprocessing.Height, preprocessing.Width), strides, backbone.Name);
        Graph = FeatureMaps.Cut(network, Maps);
        Parameters = ParametersOf(Graph);
    }

    /// <param name="graph">A network that ends at its maps, for images of the preprocessing's size.</param>
    /// <param name="preprocessing">How images become its input; no part of the image is cropped away.</param>
    /// <param name="find">Finds the maps in the whole network.</param>
    public DenseBackbone(OnnxGraph graph, ImagePreprocessing preprocessing, Func<OnnxGraph, IReadOnlyList<FeatureMap>> find)
    {
        OnnxGraph network = Ready(graph, preprocessing);
        Maps = find(network);
        Graph = FeatureMaps.Cut(network, Maps);
        Parameters = ParametersOf(Graph);
    }

    private DenseBackbone(OnnxGraph graph, IReadOnlyList<FeatureMap> maps) =>
        (Graph, Maps, Parameters) = (graph, maps, ParametersOf(graph));

    /// <summary>The network from pixels to the maps.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The maps, finest first.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>The names of the backbone's parameters.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The whole network: the backbone, and behind its maps a head whose further inputs follow the pixels.</summary>
    /// <param name="head">A graph whose first inputs are the maps, in their order.</param>
    public OnnxGraph With(OnnxGraph head) =>
        GraphJoin.Append(Graph, head with { Opsets = new Dictionary<string, int> { [""] = Graph.Opset } });

    /// <summary>The same with other weights in its last layers.</summary>
    /// <param name="graph">The network with them.</param>
    /// <param name="maps">Its maps.</param>
    public DenseBackbone With(OnnxGraph graph, IReadOnlyList<FeatureMap> maps) => new(graph, maps);

    // The head is written in the newest opset, so the backbone is too.
    private static OnnxGraph Ready(OnnxGraph network, ImagePreprocessing preprocessing) =>
        SingleFloats.Apply(
            LiftConstants.Apply(
                OpsetUpgrade.Apply(
                    PreprocessingGraph.Prepend(ReservedNames.Free(network, [PixelsName]), preprocessing, cropInGraph: false, PixelsName)
                )
            )
        );

    private static IReadOnlyList<string> ParametersOf(OnnxGraph graph) =>
        [.. ParameterAnalysis.FindParameters(graph).Select(p => p.Name).Where(name => !StepList.IsAdded(name))];

    /// <summary>
    /// The value to cut the network at first: layers behind its deepest map, such as a pooling of fixed windows, may fit no size but the file's.
    /// Null to look for the features as of a classifier.
    /// </summary>
    private static string? DeepestMap(Backbone backbone, ImagePreprocessing preprocessing, int stride)
    {
        BackboneInput stated = BackboneInput.Find(backbone.Graph, $"The graph '{backbone.Graph.Name}'");
        return
            backbone.FeatureNode is null
            && stated is { Height: { } height, Width: { } width, Layout: ImageLayout.ChannelsFirst }
            && !stated.HasSizeOf(preprocessing)
            ? FeatureMaps.Find(backbone.Graph, (height, width), stride)?.Value
            : backbone.FeatureNode;
    }

    /// <summary>The names of a head's parameters in a whole network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scope">The beginning of the head's names.</param>
    public static IReadOnlyList<string> HeadParameters(OnnxGraph network, string scope) =>
        [
            .. ParameterAnalysis
                .FindParameters(network)
                .Select(p => p.Name)
                .Where(name => name.StartsWith(scope + ".", StringComparison.Ordinal)),
        ];
}
