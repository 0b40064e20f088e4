using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The values of a graph whose gradients have the strides of the values. Autograd keeps such a gradient as it is; others it lays out anew
/// for a leaf, and sums of them differ in their last digits.
/// </summary>
internal static class GradientLayouts
{
    /// <summary>The slots of the others.</summary>
    /// <param name="instructions">The graph, in order.</param>
    /// <param name="lowered">Its types.</param>
    /// <param name="output">The slot of its output.</param>
    public static HashSet<int> FindUnlike(IReadOnlyList<Instruction> instructions, LoweredGraph lowered, int output)
    {
        var unlike = new HashSet<int> { output };
        foreach (Instruction instruction in instructions.Reverse())
            for (int i = 0; i < instruction.Inputs.Length; i++)
                if (!IsAlike(instruction, i))
                    unlike.Add(instruction.Inputs[i]);
        return unlike;

        bool IsAlike(Instruction instruction, int input) =>
            instruction.Node.OpType switch
            {
                // They make the gradient like their input, whatever comes.
                "Conv" or "BatchNormalization" or "LayerNormalization" or "MaxPool" or "AveragePool" or "Gemm" or "MatMul" => input == 0,
                // They pass on what comes.
                "Transpose" => !unlike.Contains(instruction.Outputs[0]),
                string op => OperatorTable.Find(op) is { IsElementwise: true }
                    && !unlike.Contains(instruction.Outputs[0])
                    && Shape(instruction.Node.Inputs[input]).SequenceEqual(Shape(instruction.Node.Outputs[0])),
            };

        long[] Shape(string name) => lowered.Types.TryGetValue(name, out TensorType? type) ? type.Shape : [];
    }
}
