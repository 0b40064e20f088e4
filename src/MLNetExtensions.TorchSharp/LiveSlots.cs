using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp;

/// <summary>The slots through which gradients pass, and where in a graph they do.</summary>
internal sealed class LiveSlots
{
    private readonly Dictionary<int, (int First, int Last)> _spans = [];

    /// <param name="instructions">The graph, in order.</param>
    /// <param name="lowered">Its types.</param>
    /// <param name="trainable">The slots of trainable parameters, live from their first to their last use.</param>
    /// <param name="output">The slot of its output.</param>
    public LiveSlots(IReadOnlyList<Instruction> instructions, LoweredGraph lowered, IReadOnlySet<int> trainable, int output)
    {
        for (int i = 0; i < instructions.Count; i++)
        {
            Instruction instruction = instructions[i];
            bool hasGradient = false;
            foreach (int slot in instruction.Inputs)
            {
                if (!trainable.Contains(slot) && !_spans.ContainsKey(slot))
                    continue;
                hasGradient = true;
                _spans[slot] = (_spans.TryGetValue(slot, out (int First, int Last) span) ? span.First : i, i);
            }
            if (!hasGradient)
                continue;
            for (int o = 0; o < instruction.Outputs.Length; o++)
                if (instruction.Outputs[o] >= 0 && IsFloat(instruction.Node.Outputs[o]))
                    _spans[instruction.Outputs[o]] = (i, i);
        }
        if (_spans.TryGetValue(output, out (int First, int Last) end))
            _spans[output] = (end.First, instructions.Count);

        bool IsFloat(string name) =>
            !lowered.Types.TryGetValue(name, out TensorType? type)
            || type.ElementType is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;
    }

    /// <summary>The slots that instructions up to an index have made or read, and that later ones read.</summary>
    public int[] After(int instruction) =>
        [.. _spans.Where(s => s.Value.First <= instruction && s.Value.Last > instruction).Select(s => s.Key)];
}
