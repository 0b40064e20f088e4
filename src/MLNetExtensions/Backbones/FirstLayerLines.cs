using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The effect of the nodes before the first convolution on each channel: a constant factor and summand that the convolution's weights can
/// absorb.
/// </summary>
/// <param name="Channels">For each channel.</param>
/// <param name="Nodes">The nodes that do it.</param>
internal sealed record FirstLayerLines(IReadOnlyList<Line> Channels, IReadOnlyList<OnnxNode> Nodes)
{
    /// <returns>Null if the convolution's weights cannot do the nodes' work, or cannot be changed.</returns>
    public static FirstLayerLines? Find(OnnxGraph graph, BackboneInput input, FirstLayer first)
    {
        if (
            input.Layout == ImageLayout.NoChannels
            || first.Conv.Int("group", 1) != 1
            || first.Channels != input.Channels
            || first.Weight.ElementType != OnnxElementType.Float
            || (first.Conv.HasInput(2) && !graph.Initializers.ContainsKey(first.Conv.Inputs[2]))
        )
            return null;
        int axis = input.Layout == ImageLayout.ChannelsLast ? 3 : 1;
        var lines = new Line[input.Channels];
        Array.Fill(lines, new Line(1, 0));
        var nodes = new List<OnnxNode>();
        bool isPadded = false;
        string value = input.Name;
        foreach (OnnxNode node in first.Path)
        {
            if (node.OpType == "Transpose" && node.Ints("perm") is { Length: 4 } perm)
                axis = Array.IndexOf(perm, axis);
            else if (node.OpType == "Pad")
            {
                if (!PadsZeros(graph, node, axis))
                    return null;
                isPadded = true;
            }
            else if (node.OpType is not ("Identity" or "Cast" or "Dropout"))
            {
                // Zeros at the edge must stay zeros for the convolution.
                if (
                    Of(graph, node, value, axis, lines.Length) is not { } next
                    || (isPadded && Array.Exists(next, line => line.Offset != 0))
                )
                    return null;
                lines = [.. lines.Zip(next, (line, then) => line.Then(then))];
                nodes.Add(node);
            }
            value = node.Outputs[0];
        }
        return axis == 1 ? new FirstLayerLines(lines, nodes) : null;
    }

    private static Line[]? Of(OnnxGraph graph, OnnxNode node, string value, int axis, int channels)
    {
        if (node.OpType == "BatchNormalization")
            return OfNorm(graph, node, axis, channels);
        int data = node.Inputs[0] == value ? 0 : 1;
        if (
            node.Inputs.Count != 2
            || ConstantNode.Find(graph, node.Inputs[1 - data]) is not { } constant
            || PerChannel(constant, axis, channels) is not { } values
        )
            return null;
        return node.OpType switch
        {
            "Mul" => [.. values.Select(v => new Line(v, 0))],
            "Add" => [.. values.Select(v => new Line(1, v))],
            "Div" when data == 0 => [.. values.Select(v => new Line(1.0 / v, 0))],
            "Sub" => [.. values.Select(v => data == 0 ? new Line(1, -v) : new Line(-1, v))],
            _ => null,
        };
    }

    private static Line[]? OfNorm(OnnxGraph graph, OnnxNode node, int axis, int channels)
    {
        float[]?[] constants = [.. node.Inputs.Skip(1).Select(i => ConstantNode.Find(graph, i)?.ToFloats())];
        if (
            axis != 1
            || node.Int("training_mode", 0) != 0
            || constants is not [{ } scale, { } bias, { } mean, { } variance]
            || scale.Length != channels
        )
            return null;
        var lines = new Line[channels];
        for (int c = 0; c < channels; c++)
        {
            double factor = scale[c] / Math.Sqrt((double)variance[c] + node.Float("epsilon", 1e-5f));
            lines[c] = new Line(factor, bias[c] - (mean[c] * factor));
        }
        return lines;
    }

    /// <summary>A value for each channel of a constant that has one, or one for all.</summary>
    private static float[]? PerChannel(OnnxTensor constant, int axis, int channels)
    {
        if (!constant.ElementType.IsFloatingPoint)
            return null;
        float[] values = constant.ToFloats();
        if (values.Length == 1)
            return [.. Enumerable.Repeat(values[0], channels)];
        // Shapes are aligned at their ends.
        int own = constant.Shape.Count - 4 + axis;
        return values.Length == channels && own >= 0 && constant.Shape[own] == channels ? values : null;
    }

    private static bool PadsZeros(OnnxGraph graph, OnnxNode node, int axis)
    {
        long[]? pads = node.Ints("pads") ?? (node.HasInput(1) ? ConstantNode.Find(graph, node.Inputs[1])?.ToInt64s() : null);
        bool areZeros = node.Float("value", 0) == 0 && (!node.HasInput(2) || ConstantNode.Find(graph, node.Inputs[2])?.ToFloats() is [0]);
        return pads is { Length: 8 }
            && pads[axis] == 0
            && pads[axis + 4] == 0
            && areZeros
            && node.String("mode", "constant") == "constant"
            && !node.HasInput(3);
    }
}
