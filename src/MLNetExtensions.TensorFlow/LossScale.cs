using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The factor of the loss where the backward pass runs in 16-bit floats, so that small gradients do not vanish. It is as large as possible
/// without overflowing the largest gradients. It doubles after many steps without an overflow; an overflow skips its step and halves the
/// factor.
/// </summary>
internal sealed class LossScale
{
    public const float Initial = 32768,
        Largest = 1 << 24;

    /// <summary>The number of steps after which it doubles.</summary>
    public const int Interval = 2000;

    /// <summary>The factor.</summary>
    public float Value { get; private set; } = Initial;

    /// <summary>The steps since it changed.</summary>
    public int Steps { get; private set; }

    /// <summary>Notes a step.</summary>
    /// <param name="isFinite">True if all of its gradients were numbers.</param>
    public void Next(bool isFinite)
    {
        Steps = isFinite ? Steps + 1 : 0;
        if (!isFinite)
            Value = Math.Max(1, Value / 2);
        if (Steps < Interval)
            return;
        Value = Math.Min(Largest, Value * 2);
        Steps = 0;
    }

    /// <summary>Its entry of a session's state.</summary>
    public OnnxTensor Read() => OnnxTensor.FromFloats(StateEntries.LossScale, [2], [Value, Steps]);

    /// <summary>Checks an entry.</summary>
    /// <returns>The action that takes it over.</returns>
    /// <exception cref="ArgumentException">It is none.</exception>
    public Action Prepare(OnnxTensor entry)
    {
        if (
            entry is not { ElementType: OnnxElementType.Float, Count: 2 }
            || entry.ToFloats() is not [>= 1 and var value, >= 0 and < Interval and var steps]
            || !float.IsFinite(value)
        )
            throw new ArgumentException(
                $"'{StateEntries.LossScale}' of the state is {entry}, expected two floats: a scale of at least 1, and fewer than "
                    + $"{Interval} steps."
            );
        return () => (Value, Steps) = (value, (int)steps);
    }
}
