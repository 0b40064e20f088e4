using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>Finds the maps of features inside a network that detectors and segmentation read.</summary>
internal static class FeatureMaps
{
    /// <summary>
    /// The deepest map of each stride: of those through which all that lies deeper goes, the last; of a network that has none such, the last
    /// of its size.
    /// </summary>
    /// <param name="graph">The network up to its features, for one size of images.</param>
    /// <param name="image">Its input's height and width.</param>
    /// <param name="strides">The strides, finest first.</param>
    /// <param name="name">The backbone's name, for messages.</param>
    /// <exception cref="ArgumentException">It has no map of a stride; the message says which it has.</exception>
    public static IReadOnlyList<FeatureMap> Find(OnnxGraph graph, (int Height, int Width) image, IReadOnlyList<int> strides, string name)
    {
        List<(FeatureMap Map, bool IsGate)> maps = All(graph, image);
        var found = new List<FeatureMap>();
        foreach (int stride in strides)
            found.Add(Last(maps, stride) ?? throw Missing(name, image, stride, [.. maps.Select(m => m.Map.Stride).Distinct().Order()]));
        return found;
    }

    /// <summary>The map of a stride in a whole network; null if it has none.</summary>
    /// <param name="graph">The network, for one size of images.</param>
    /// <param name="image">Its input's height and width.</param>
    /// <param name="stride">The stride.</param>
    public static FeatureMap? Find(OnnxGraph graph, (int Height, int Width) image, int stride) => Last(All(graph, image), stride);

    /// <summary>The part of a network up to its maps.</summary>
    public static OnnxGraph Cut(OnnxGraph graph, IReadOnlyList<FeatureMap> maps) =>
        RemoveUnused.Apply(
            graph with
            {
                Outputs =
                [
                    .. maps.Select(map => OnnxValue.Create(map.Value, OnnxElementType.Float, -1, map.Channels, map.Height, map.Width)),
                ],
            }
        );

    private static FeatureMap? Last(List<(FeatureMap Map, bool IsGate)> maps, int stride) =>
        maps.Where(m => m.Map.Stride == stride && m.IsGate).Select(m => m.Map).LastOrDefault()
        ?? maps.Where(m => m.Map.Stride == stride).Select(m => m.Map).LastOrDefault();

    private static List<(FeatureMap Map, bool IsGate)> All(OnnxGraph graph, (int Height, int Width) image)
    {
        ValueTypes types = ValueTypes.Infer(graph);
        var flow = new DataFlow(graph);
        var lastReads = new Dictionary<string, int>();
        for (int i = 0; i < graph.Nodes.Count; i++)
            foreach (string input in InnerGraphs.Reads(graph.Nodes[i]).Where(flow.IsData))
                lastReads[input] = i;
        foreach (OnnxValue output in graph.Outputs)
            lastReads[output.Name] = graph.Nodes.Count;
        HashSet<string> open = [.. graph.Inputs.Select(input => input.Name)];
        var maps = new List<(FeatureMap, bool)>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            string[] made = [.. graph.Nodes[i].Outputs.Where(output => output.Length > 0 && flow.IsData(output))];
            open.UnionWith(made.Where(lastReads.ContainsKey));
            open.RemoveWhere(value => lastReads.GetValueOrDefault(value, -1) <= i);
            foreach (string value in made)
                if (MapOf(value, types, image) is { } map)
                    maps.Add((map, open.Count == 1 && open.Contains(value)));
        }
        return maps;
    }

    private static FeatureMap? MapOf(string value, ValueTypes types, (int Height, int Width) image)
    {
        if (
            types.Find(value)
            is not { ElementType: OnnxElementType.Float, Shape: [_, > 1 and var channels, > 1 and var height, > 1 and var width] }
        )
            return null;
        int stride = (int)Math.Round((double)image.Height / height);
        return image.Height == height * stride && image.Width == width * stride && types.IsBatchFirst(value)
            ? new FeatureMap(value, (int)channels, (int)height, (int)width, stride)
            : null;
    }

    private static ArgumentException Missing(string name, (int Height, int Width) image, int stride, int[] strides) =>
        new(
            $"The backbone '{name}' has no map of features at stride {stride} for images of {image.Width}x{image.Height}; its strides are "
                + $"{(strides.Length > 0 ? string.Join(", ", strides.Select(s => $"{s}")) : "none: it has no maps of that size")}. Choose a "
                + $"backbone of convolutions with that stride, such as MobileNetV2 or ResNet18, and a size that is a multiple of 32."
        );
}
