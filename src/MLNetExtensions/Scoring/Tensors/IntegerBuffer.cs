namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Whole numbers.</summary>
internal sealed class IntegerBuffer<T> : NumberBuffer<T>
    where T : unmanaged, System.Numerics.IBinaryInteger<T>
{
    // Bytes are pixels; wider numbers are indices more often than not, of tables whose length is not known.
    private protected override T Sample(double value) =>
        System.Runtime.CompilerServices.Unsafe.SizeOf<T>() == 1 ? T.CreateSaturating(value)
        : value > 0 ? T.One
        : T.Zero;

    private protected override double ToNumber(T item) => double.CreateSaturating(item);
}
