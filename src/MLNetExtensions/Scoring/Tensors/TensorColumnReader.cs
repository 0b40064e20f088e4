using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Reads rows of a column of numbers or texts.</summary>
internal abstract class TensorColumnReader
{
    /// <summary>Takes the values of the current row.</summary>
    /// <returns>Their number.</returns>
    public abstract int Read();

    /// <summary>Whether the row has no values at all though its vector has a length: what ExtractPixels makes of a missing image.</summary>
    public virtual bool IsMissing => false;

    /// <summary>Copies the values that were taken.</summary>
    public abstract void CopyTo(TensorBuffer buffer, int start);
}

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

/// <summary>Reads a column of vectors.</summary>
internal sealed class VectorReader<T>(ValueGetter<VBuffer<T>> getter) : TensorColumnReader
{
    private VBuffer<T> _values;

    public override bool IsMissing => !_values.IsDense && _values.GetValues().IsEmpty;

    public override int Read()
    {
        getter(ref _values);
        return _values.Length;
    }

    public override void CopyTo(TensorBuffer buffer, int start) =>
        _values.CopyTo(((TensorBuffer<T>)buffer).Items.Slice(start, _values.Length));
}
