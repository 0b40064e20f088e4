using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>A layer with multiplications: which channels it reads and which it makes.</summary>
/// <param name="Node">A Conv, ConvTranspose, Gemm or MatMul.</param>
/// <param name="Inputs">The channels it reads.</param>
/// <param name="Outputs">The channels it makes; those it reads where each output channel comes of one input channel (depthwise).</param>
/// <param name="MacsOfPair">The multiplications for each pair of an input and an output channel; for a depthwise layer those of one output
/// channel.</param>
/// <param name="IsDepthwise">True if each output channel comes of one input channel.</param>
/// <param name="Weight">The name of its weight.</param>
/// <param name="OutputAxis">The axis of the weight that the output channels lie along.</param>
internal sealed record PrunableLayer(
    OnnxNode Node,
    int[] Inputs,
    int[] Outputs,
    double MacsOfPair,
    bool IsDepthwise,
    string Weight,
    int OutputAxis
)
{
    public string Name => Node.Label;

    /// <summary>The multiplications of a row.</summary>
    /// <param name="isKept">True if a channel is there.</param>
    public double Macs(Func<int, bool> isKept) => MacsOfPair * (IsDepthwise ? 1 : Inputs.Count(isKept)) * Outputs.Count(isKept);
}
