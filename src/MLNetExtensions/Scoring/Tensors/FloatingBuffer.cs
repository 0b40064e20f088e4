namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Floating-point numbers: a missing one is NaN.</summary>
internal sealed class FloatingBuffer<T> : NumberBuffer<T>
    where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    private protected override T Missing => T.NaN;

    private protected override T Sample(double value) => T.CreateSaturating(value);

    private protected override double ToNumber(T item) => double.CreateSaturating(item);
}
