using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Pad.html">Pad</see>: constant, reflect, edge or wrap; negative pads crop.</summary>
internal static class Pad
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        int rank = shape.Length;
        long[] given = op.ConstantInt64s(1)!;
        long[] axes = op.ConstantInt64s(3) ?? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        var begin = new long[rank];
        var end = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            begin[Indices.Axis(axes[i], rank)] = given[i];
            end[Indices.Axis(axes[i], rank)] = given[i + axes.Length];
        }

        string mode = op.Node.String("mode", "constant");
        if (mode == "constant")
        {
            double value = 0;
            if (op.Node.HasInput(2))
                value = (op.ConstantInput(2) ?? throw op.Unsupported("a padding value computed at run time")).ToFloats()[0];
            // libtorch lists the last dimension first.
            long[] pads = [.. Enumerable.Range(0, rank).Reverse().SelectMany(axis => new[] { begin[axis], end[axis] })];
            return (inputs, _) => [F.pad(inputs[0]!, pads, PaddingModes.Constant, value)];
        }

        Func<long, long, long> source = mode switch
        {
            "edge" => (position, size) => Math.Clamp(position, 0, size - 1),
            "reflect" => Reflect,
            "wrap" => (position, size) => ((position % size) + size) % size,
            _ => throw op.Unsupported($"mode '{mode}'"),
        };
        var picks = new List<(int Axis, long[] Positions)>();
        for (int axis = 0; axis < rank; axis++)
        {
            if (begin[axis] == 0 && end[axis] == 0)
                continue;
            var positions = new long[shape[axis] + begin[axis] + end[axis]];
            for (int i = 0; i < positions.Length; i++)
                positions[i] = source(i - begin[axis], shape[axis]);
            picks.Add((axis, positions));
        }
        return (inputs, _) =>
        {
            Tensor y = inputs[0]!.alias();
            foreach ((int axis, long[] positions) in picks)
            {
                using Tensor previous = y, index = torch.tensor(positions, device: previous.device);
                y = previous.index_select(axis, index);
            }
            return [y];
        };
    }

    /// <summary>Mirrors at the border elements, which are not repeated, as often as needed.</summary>
    private static long Reflect(long position, long size)
    {
        if (size == 1)
            return 0;
        long period = 2 * (size - 1), phase = ((position % period) + period) % period;
        return phase < size ? phase : period - phase;
    }
}
