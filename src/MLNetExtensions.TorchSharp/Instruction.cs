using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Ops;

namespace MLNetExtensions.TorchSharp;

/// <summary>A node of a compiled graph: its kernel, and the slots that it reads and writes (-1 for none).</summary>
internal sealed record Instruction(OnnxNode Node, OpKernel Kernel, int[] Inputs, int[] Outputs)
{
    /// <summary>The array handed to the kernel, reused.</summary>
    public Tensor?[] Arguments { get; } = new Tensor?[Inputs.Length];

    /// <summary>The slots that no later instruction reads.</summary>
    public int[] LastReads { get; set; } = [];
}
