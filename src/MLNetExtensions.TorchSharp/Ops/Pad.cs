using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Pad.html">Pad</see>: constant, reflect, edge or wrap; negative pads crop.
/// </summary>
internal static class Pad
{
    public static OpKernel Compile(OpCompilation op)
    {
        var padding = new PadAmounts(op);
        if (padding.Mode == "constant")
        {
            double value = padding.Value();
            // libtorch lists the last dimension first.
            long[] pads = [.. padding.Begin.Zip(padding.End).Reverse().SelectMany(p => new[] { p.First, p.Second })];
            return (inputs, _) => [F.pad(inputs[0]!, pads, PaddingModes.Constant, value)];
        }
        IReadOnlyList<(int Axis, long[] Elements)> picks = padding.Picks();
        return (inputs, _) =>
        {
            Tensor y = inputs[0]!.alias();
            foreach ((int axis, long[] elements) in picks)
            {
                using Tensor previous = y,
                    index = torch.tensor(elements, device: previous.device);
                y = previous.index_select(axis, index);
            }
            return [y];
        };
    }
}
