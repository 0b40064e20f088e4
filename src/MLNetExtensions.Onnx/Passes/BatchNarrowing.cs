using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>States a batch of one where a file names its batch but computes with one row only.</summary>
internal static class BatchNarrowing
{
    /// <summary>A number of images that no size of a network is likely to be.</summary>
    private const long SeveralImages = 13;

    /// <summary>
    /// The graph with one image stated, where it leaves their number open but its shapes are those of one (a Reshape to [1, 24]).
    /// </summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        if (graph.OpenInput is not null || !graph.Inputs.Any(i => i.Shape is [{ Size: null }, ..]) || HasShapes(graph, SeveralImages))
            return graph;
        OnnxGraph single = BatchAxis.State(graph, 1);
        return HasShapes(single, 1) ? single : graph;
    }

    private static bool HasShapes(OnnxGraph graph, long batch)
    {
        try
        {
            GraphLowering.Evaluate(graph, batch);
            return true;
        }
        catch (OnnxFormatException)
        {
            // That they do not fit is the answer; a graph that fits no batch is told of where it is used.
            return false;
        }
    }
}
