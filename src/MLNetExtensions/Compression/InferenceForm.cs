using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression;

/// <summary>
/// A model as compression looks at it: nothing is left of it that only training needs, and what is constant is an initializer.
/// </summary>
internal static class InferenceForm
{
    /// <summary>The first opset whose QuantizeLinear works channel by channel.</summary>
    private const int MinimumOpset = 13;

    /// <summary>The same inputs, outputs and values, of opset 13 or newer.</summary>
    /// <exception cref="OnnxFormatException">The shapes of the model do not fit together, or it is of an older opset and fixed to a
    /// batch.</exception>
    public static OnnxGraph Of(OnnxGraph graph)
    {
        graph = ConstantFolding.Apply(LiftConstants.Apply(graph));
        if (graph.Opset < MinimumOpset)
            graph = OpsetUpgrade.Apply(graph);
        graph = BatchNormFolding.Apply(GemmOfMatMul.Apply(EliminateIdentity.Apply(graph)));
        return graph with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            // A sum of two is an Add, which has a kernel in whole numbers.
            Nodes = [.. graph.Nodes.Select(n => n is { OpType: "Sum", Domain: "", Inputs.Count: 2 } ? n with { OpType = "Add" } : n)],
        };
    }
}
