using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Rows;

namespace MLNetExtensions.Training.Privacy;

/// <summary>
/// Finds where a graph uses each trainable parameter, and refuses graphs in which an example's gradient cannot be told from those of the
/// others.
/// </summary>
internal static class ParameterUses
{
    private static readonly HashSet<string> Layouts = ["Reshape", "Transpose", "Unsqueeze", "Squeeze", "Identity", "Flatten"];

    /// <summary>Separates normalizations from their affine part, and finds the uses in what that gives.</summary>
    /// <inheritdoc cref="Find"/>
    public static (LoweredGraph Graph, IReadOnlyList<ParameterUse> Uses) Prepare(
        OnnxGraph source,
        LoweredGraph lowered,
        IReadOnlySet<string> trainable
    )
    {
        LoweredGraph separated = SeparateAffine.Apply(lowered, trainable);
        return (separated, Find(source, separated, trainable));
    }

    /// <summary>Finds the uses.</summary>
    /// <param name="source">The graph as it was before lowering, whose batch has no size.</param>
    /// <param name="lowered">The graph, with normalizations separated from their affine part.</param>
    /// <param name="trainable">The names of the trainable parameters.</param>
    /// <exception cref="UnsupportedOpsException">There are such nodes; the message lists all of them.</exception>
    private static IReadOnlyList<ParameterUse> Find(OnnxGraph source, LoweredGraph lowered, IReadOnlySet<string> trainable)
    {
        IReadOnlyDictionary<string, int> axes = RowIndependence.FindAxes(source);
        long rows = lowered.Types[lowered.Graph.Inputs[0].Name].Shape[0];
        // The norm of a gradient does not depend on the order of its values.
        Dictionary<string, string> parameters = trainable.ToDictionary(name => name);
        var uses = new List<ParameterUse>();
        var refused = new List<(OnnxNode, string)>();
        var seen = new HashSet<string>();
        foreach (OnnxNode node in lowered.Graph.NodesOfFirstOutput())
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!parameters.TryGetValue(node.Inputs[i], out string? parameter))
                    continue;
                if (node.Domain.Length == 0 && i == 0 && Layouts.Contains(node.OpType))
                    parameters[node.Outputs[0]] = parameter;
                else if (!seen.Add(parameter))
                    refused.Add((node, $"reads '{parameter}', which another node reads too"));
                else if (Use(node, i, lowered) is not { } use)
                    refused.Add((node, $"has no rule for the gradient of '{parameter}' by example"));
                else if (!IsByRows(node, i, use))
                    refused.Add((node, "does not keep the examples in its first dimension"));
                else
                    uses.Add(use);
            }
        return refused.Count == 0 ? uses : throw new UnsupportedOpsException("Training with differential privacy", lowered.Graph, refused);

        bool IsByRows(OnnxNode node, int input, ParameterUse use)
        {
            long[] output = lowered.Types[node.Outputs[0]].Shape;
            // The parameter itself is the same for all examples.
            if (use.Shape.Length == output.Length && use.Shape.Length > 0 && use.Shape[0] != 1)
                return false;
            IEnumerable<string> values =
                use.Rule == ExampleRule.Addend ? [node.Outputs[0]] : [node.Outputs[0], node.Inputs[input == 0 ? 1 : 0]];
            return output.Length > 0
                && output[0] % rows == 0
                && values.All(name =>
                    axes.TryGetValue(name, out int axis) ? axis == 0 : lowered.Types[name].Shape is [var first, ..] && first == rows
                );
        }
    }

    private static ParameterUse? Use(OnnxNode node, int input, LoweredGraph lowered)
    {
        if (node.Domain.Length > 0)
            return null;
        long[] shape = lowered.Types[node.Inputs[input]].Shape,
            output = lowered.Types[node.Outputs[0]].Shape;
        return (node.OpType, input) switch
        {
            ("Conv", 1) when shape.Length is 3 or 4 => new ParameterUse(node, input, ExampleRule.Windows, []),
            ("Conv", 2) => new ParameterUse(node, input, ExampleRule.Addend, [shape[0], .. Enumerable.Repeat(1L, output.Length - 2)]),
            ("Gemm", 1) when node.Int("transA", 0) == 0 => new ParameterUse(node, input, ExampleRule.Matrix, []),
            ("MatMul", 1) when shape.Length == 2 && output.Length >= 2 => new ParameterUse(node, input, ExampleRule.Matrix, []),
            ("Gemm", 2) or ("Add", _) or ("Sub", _) or ("Expand", 0) => new ParameterUse(node, input, ExampleRule.Addend, shape),
            ("PRelu", 1) => new ParameterUse(node, input, ExampleRule.Slope, shape),
            ("Mul", _) => new ParameterUse(node, input, ExampleRule.Factor, shape),
            _ => null,
        };
    }
}
