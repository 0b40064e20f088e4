using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Parameters;

/// <summary>The inputs of an operator that gradients flow back to.</summary>
internal static class DifferentiableInputs
{
    public static IEnumerable<string> Of(OnnxNode node)
    {
        if (node.OpType == "Cast" && !ElementTypes.Of(node.Int("to", 0)).IsFloatingPoint)
            return [];
        IEnumerable<string> inputs = OperatorTable.Find(node.OpType)?.Gradient is { } indices
            ? indices.Where(node.HasInput).Select(i => node.Inputs[i])
            : node.Inputs;
        return inputs.Where(i => i.Length > 0);
    }
}
