using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Checking;

/// <summary>Follows shapes through a graph and finds where they do not fit.</summary>
internal static class ShapeCheck
{
    /// <param name="graph">A graph whose names are right and whose <see cref="OnnxGraph.OpenInput"/> is null.</param>
    /// <param name="problems">Gets what is found; operators that are in it already are not told again.</param>
    public static void Run(OnnxGraph graph, List<OnnxProblem> problems)
    {
        graph = LiftConstants.Apply(FunctionInlining.Apply(graph));
        var walk = new LoweringWalk(graph, _ => true);
        foreach ((OnnxValue input, long[] shape) in graph.Inputs.Zip(graph.StatedInputShapes()!))
            walk.AddInput(input, shape);
        foreach (OnnxNode node in graph.Nodes)
        {
            try
            {
                walk.LowerSource(node);
            }
            catch (OnnxFormatException e)
            {
                problems.Add(new OnnxProblem(OnnxProblemKind.ShapeMismatch, e.Message, node));
                walk.Skip(node);
            }
        }
        HashSet<string> told =
        [
            .. problems.Where(p => p is { Kind: OnnxProblemKind.UnknownOperator, Node: not null }).SelectMany(p => p.Node!.Outputs),
        ];
        foreach ((OnnxNode node, string reason) in walk.Unsupported.Where(u => !u.Node.Outputs.Any(o => o.Length > 0 && told.Contains(o))))
            problems.Add(OperatorCheck.Unknown(node, reason));

        bool isBatchOpen = graph.Inputs.Any(i => i.Shape![0].Size is null);
        foreach (OnnxValue value in graph.ValueInfos.Concat(graph.Outputs))
            if (walk.Values.Types.TryGetValue(walk.Values.Resolve(value.Name), out TensorType? type) && !Fits(value, type, isBatchOpen))
                problems.Add(
                    new OnnxProblem(
                        OnnxProblemKind.ShapeMismatch,
                        $"The graph states {value}; its nodes make {type}.",
                        graph.ProducerOf(value.Name),
                        value.Name
                    )
                );
    }

    private static bool Fits(OnnxValue stated, TensorType type, bool isBatchOpen)
    {
        if (stated.ElementType != OnnxElementType.Undefined && stated.ElementType != type.ElementType)
            return false;
        if (stated.Shape is not { } shape)
            return true;
        if (shape.Count != type.Shape.Length)
            return false;
        for (int axis = isBatchOpen ? 1 : 0; axis < shape.Count; axis++)
            if (shape[axis].Size is { } size && size != type.Shape[axis])
                return false;
        return true;
    }
}
