using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Pad.html">Pad</see>: constant, reflect, edge or wrap; negative pads crop.
/// </summary>
internal static class Pad
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        var amounts = new PadAmounts(op);
        if (amounts.Mode == "constant")
        {
            double value = amounts.Value();
            Symbol bordered = op.AnyLayout(0, out bool channelsLast);
            return [new OpResult(op.Pad(bordered, InLayout(amounts, channelsLast), value), channelsLast)];
        }

        IReadOnlyList<(int Axis, long[] Elements)> picks = amounts.Picks();
        Symbol x = op.AnyLayout(0, out bool last);
        long[] shape = op.InputType(0).Shape;
        // TensorFlow's own mirrors once.
        if (
            amounts.Mode == "reflect"
            && amounts.Begin.Concat(amounts.End).All(p => p >= 0)
            && shape.Select((size, axis) => Math.Max(amounts.Begin[axis], amounts.End[axis]) < size).All(fits => fits)
        )
        {
            long[] pairs = [.. InLayout(amounts, last).SelectMany(p => new[] { p.Before, p.After })];
            Symbol pads = g.Reshape(g.Int32s(pairs), shape.Length, 2);
            return [new OpResult(op.Derive(x, v => g.Op("MirrorPad").Input(v).Input(pads).Set("mode", "REFLECT").Output()), last)];
        }
        foreach ((int axis, long[] elements) in picks)
            x = op.Gather(x, g.Int32s(elements), Steps.Place(axis, shape.Length, last));
        return [new OpResult(op.Step([x], x), last)];
    }

    private static (long Before, long After)[] InLayout(PadAmounts amounts, bool channelsLast)
    {
        int rank = amounts.Begin.Length;
        var pads = new (long, long)[rank];
        for (int axis = 0; axis < rank; axis++)
            pads[Steps.Place(axis, rank, channelsLast)] = (amounts.Begin[axis], amounts.End[axis]);
        return pads;
    }
}
