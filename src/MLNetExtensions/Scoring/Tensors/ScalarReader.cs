using Microsoft.ML;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Reads a column of one value a row.</summary>
internal sealed class ScalarReader<T>(ValueGetter<T> getter) : TensorColumnReader
{
    private T _value = default!;

    public override int Read()
    {
        getter(ref _value);
        return 1;
    }

    public override void CopyTo(TensorBuffer buffer, int start) => ((TensorBuffer<T>)buffer).Items[start] = _value;
}
