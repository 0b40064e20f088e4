using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Explanation.Activations;

/// <summary>The values of a network that have channels and places, [batch, channels, height, width], in the order they are made.</summary>
internal sealed class SpatialLayers
{
    private readonly string _network;
    private readonly List<string> _names = [];

    public SpatialLayers(ExplainedNetwork network)
    {
        OnnxGraph graph = network.Graph;
        _network = graph.Name;
        var flow = new DataFlow(graph);
        // Behind a transpose channels are last: such values are the same as before it, in another order.
        HashSet<string> last = network.InputShape is [_, _, 1 or 3 or 4] and not [1 or 3 or 4, _, _] ? [graph.Inputs[0].Name] : [];
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Outputs.Any(flow.IsData) && !DataFlow.MeasuresOnly(node)))
        {
            bool isLast =
                node.OpType == "Transpose" && node.Ints("perm") is [0, var second, _, _] ? second == 2 : node.Inputs.Any(last.Contains);
            if (isLast)
                last.UnionWith(node.Outputs);
            else if (node.OpType != "Transpose" && !StepList.IsAdded(node.Outputs[0]))
                _names.AddRange(node.Outputs.Where(output => network.RowShapeOf(output) is [_, > 1, _] or [_, _, > 1]));
        }
    }

    /// <summary>The names, first to last.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The layer of a name; without one the last, what the pooling before the classifier reads.</summary>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those that there are.</exception>
    public string Find(string? name)
    {
        if (name is null ? _names.Count > 0 : _names.Contains(name))
            return name ?? _names[^1];
        throw new ArgumentException(
            name is null
                ? $"The network '{_network}' has no value with channels and places ([batch, channels, height, width]) inside, so that "
                    + "Grad-CAM has no layer to look at. Use Saliency, IntegratedGradients, Occlusion or Lime."
                : $"The network '{_network}' has no layer '{name}' with channels and places. The last of those that it has are "
                    + $"{string.Join(", ", _names.TakeLast(10).Reverse().Select(n => $"'{n}'"))}."
        );
    }
}
