using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>
/// Operators along axes. Of reductions: from opset 18 on their axes are an input, and no axes may mean none instead of all. ReduceSum was
/// so before.
/// </summary>
internal static class ReductionRules
{
    private static readonly IEnumerable<string> OpTypes = OperatorTable
        .Names(row => row.Name.StartsWith("Reduce", StringComparison.Ordinal))
        .Except(["ReduceSum"]);

    public static IEnumerable<OpsetRule> All { get; } =
    [
        .. OpTypes.Select(opType => new OpsetRule(opType, 18, AxesToAttribute, AxesToInput)),
        new("DFT", 20, DftAxisToAttribute, DftAxisToInput),
        new("ReduceMax", 20, OfTruthValues),
        new("ReduceMin", 20, OfTruthValues),
    ];

    private static void AxesToAttribute(NodeConversion node)
    {
        long[] axes = node.Ints(1) ?? [];
        if (axes.Length == 0 && node.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            node.Finish("Identity", [node.Node.Inputs[0]]);
            return;
        }
        OnnxNode old = node.Node.Without("noop_with_empty_axes") with { Inputs = [node.Node.Inputs[0]] };
        node.Keep(axes.Length == 0 ? old : old.With(OnnxAttribute.Of("axes", axes)));
    }

    private static void AxesToInput(NodeConversion node)
    {
        if (node.Node.Ints("axes") is { } axes)
            node.Keep(node.Node.Without("axes") with { Inputs = [node.Node.Inputs[0], node.Ints("axes", axes)] });
        else
            node.Keep(node.Node);
    }

    private static void DftAxisToAttribute(NodeConversion node)
    {
        OnnxNode old = node.Node.With(OnnxAttribute.Of("axis", (node.Ints(2) ?? [-2])[0]));
        node.Keep(old with { Inputs = [.. node.Node.Inputs.Take(2)] });
    }

    private static void DftAxisToInput(NodeConversion node)
    {
        string axis = node.Graph.Add(OnnxTensor.FromInt64s("", [], [node.Node.Int("axis", 1)]), $"{node.Node.Outputs[0]}/axis");
        node.Keep(
            node.Node.Without("axis") with
            {
                Inputs = [node.Node.Inputs[0], node.Node.HasInput(1) ? node.Node.Inputs[1] : "", axis],
            }
        );
    }

    private static void OfTruthValues(NodeConversion node)
    {
        if (node.Graph.ElementType(node.Node.Inputs[0]) != OnnxElementType.Bool)
        {
            node.Keep(node.Node);
            return;
        }
        string numbers = node.Cast(node.Node.Inputs[0], OnnxElementType.Bool, OnnxElementType.UInt8);
        string reduced = node.Add(node.Node.OpType, [numbers, .. node.Node.Inputs.Skip(1)], [.. node.Node.Attributes.Values]);
        node.Finish("Cast", [reduced], OnnxAttribute.Of("to", (long)OnnxElementType.Bool));
    }
}
