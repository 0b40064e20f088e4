using MLNetExtensions.Onnx.Decompositions;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Checking;

/// <summary>Finds operators that are not known.</summary>
internal static class OperatorCheck
{
    public static IEnumerable<OnnxProblem> Run(OnnxGraph graph)
    {
        foreach (OnnxNode node in FunctionInlining.Apply(graph).Nodes)
        {
            if (!graph.Opsets.ContainsKey(node.Domain) && !graph.Functions.Any(f => OnnxReader.Domain(f.Domain) == node.Domain))
                yield return new OnnxProblem(
                    OnnxProblemKind.MissingOpset,
                    $"Node {node.Describe()} is of the domain '{(node.Domain.Length > 0 ? node.Domain : "ai.onnx")}', of which the "
                        + $"graph imports no version. Add it to {nameof(OnnxGraph.Opsets)}.",
                    node
                );
            if (node is not { OpType: "Constant", Domain: "" } && !ShapeInference.Knows(node) && !Rewrites.Know(node))
                yield return Unknown(node, "the operator is not known");
        }
    }

    /// <summary>The problem of an operator, or a form of one.</summary>
    public static OnnxProblem Unknown(OnnxNode node, string reason) =>
        new(
            OnnxProblemKind.UnknownOperator,
            $"Node {node.Describe()}: {reason}, so that it cannot be trained; ONNX Runtime may run it.",
            node
        );
}
