using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>Opens the batch of a graph that takes a fixed number of images, or only seems to take any.</summary>
internal static class BatchOpening
{
    /// <summary>
    /// The graph for any number of images at once where that is sure to give what it gives image by image; otherwise the graph for one
    /// image (<see cref="BatchAxis.IsOne"/>).
    /// </summary>
    /// <param name="graph">A graph with one output, the first dimension of which is the image.</param>
    /// <exception cref="OnnxFormatException">The graph works for a fixed number of images only that is not one, or its shapes do not fit
    /// together.</exception>
    public static OnnxGraph Open(OnnxGraph graph) => Open(graph, out _);

    /// <param name="graph">As above.</param>
    /// <param name="obstacle">The obstacle to taking several images; null if there is none.</param>
    public static OnnxGraph Open(OnnxGraph graph, out string? obstacle)
    {
        obstacle = null;
        if (BatchAxis.CountOf(graph) is > 1 and var count)
            return OpenSeveral(graph, count);
        OnnxGraph single = BatchAxis.State(graph, 1);
        if (!BatchAxis.IsOne(graph) && TakesAnyBatch(graph))
            return Check(single, BatchAxis.State(graph, null), needsProof: false, out obstacle);
        if (BatchLift.Apply(single, out obstacle) is not (var opened, var needsProof))
            return single;
        if (TakesAnyBatch(opened))
            return Check(single, opened, needsProof, out obstacle);
        obstacle = "a node that takes one image";
        return single;
    }

    /// <summary>The graph for any number of images where each is sure to be computed alone; or else that for one.</summary>
    private static OnnxGraph Check(OnnxGraph single, OnnxGraph opened, bool needsProof, out string? obstacle)
    {
        RowFinding rows = RowIndependence.Find(opened);
        bool isSure = rows.Verdict switch
        {
            RowVerdict.Dependent => false,
            RowVerdict.Independent when !needsProof => true,
            _ => IsProved(single, opened),
        };
        obstacle =
            isSure ? null
            : rows.IsIndependent ? "a node whose values differ in a batch"
            : rows.Why;
        return isSure ? opened : single;
    }

    private static bool TakesAnyBatch(OnnxGraph graph)
    {
        try
        {
            ValueTypes types = ValueTypes.Infer(BatchAxis.State(graph, null));
            return graph.Outputs.All(o => types.IsBatchFirst(o.Name));
        }
        catch (OnnxFormatException)
        {
            // Shapes for one image only; whether they fit for one is asked next.
            return false;
        }
    }

    /// <summary>
    /// Files for several images at once: a Reshape of data that asks for their number first copies the first dimension instead.
    /// </summary>
    private static OnnxGraph OpenSeveral(OnnxGraph graph, long count)
    {
        var flow = new DataFlow(graph);
        var names = new ValueNames(graph);
        var added = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        OnnxNode Rewrite(OnnxNode node)
        {
            if (
                node.OpType != "Reshape"
                || !flow.IsData(node.Inputs[0])
                || ConstantNode.Find(graph, node.Inputs[1])?.ToInt64s() is not [var first, .. var rest]
                || first != count
            )
                return node;
            long batch = node.Int("allowzero", 0) == 0 ? 0 : -1;
            if (batch == -1 && rest.Contains(-1))
                return node;
            string name = names.Take(node.Inputs[1] + "/batch");
            added[name] = OnnxTensor.FromInt64s(name, [rest.Length + 1], [batch, .. rest]);
            return node with { Inputs = [node.Inputs[0], name] };
        }
        return BatchAxis.State(graph, null) with { Nodes = [.. graph.Nodes.Select(Rewrite)], Initializers = added };
    }

    /// <summary>True if, in ONNX Runtime, each image of any batch gives the same values as in the graph for one image.</summary>
    private static bool IsProved(OnnxGraph single, OnnxGraph opened)
    {
        string[] outputs = [.. single.Outputs.Select(o => o.Name)];
        using GraphProbe? alone = GraphProbe.TryCreate(single, outputs),
            together = GraphProbe.TryCreate(opened, outputs);
        return alone is not null
            && together is not null
            && new RowProbe(kinds => (kinds.Length == 1 ? alone : together).Values(kinds)).AreIndependent() == true;
    }
}
