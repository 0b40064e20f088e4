using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>
/// Reads a column of vectors. Where a batch is one row, large as those are, values are not copied: the array that the column's getter
/// filled is given to the batch, for the one that the batch had.
/// </summary>
internal sealed class VectorReader<T>(ValueGetter<VBuffer<T>> getter) : TensorColumnReader
{
    private T[] _own = [];
    private VBuffer<T> _values;

    public override bool IsMissing => !_values.IsDense && _values.GetValues().IsEmpty;

    public override int Read()
    {
        if (_own.Length > 0)
            _values = new VBuffer<T>(0, _own);
        getter(ref _values);
        return _values.Length;
    }

    public override void CopyTo(TensorBuffer buffer, int start)
    {
        var target = (TensorBuffer<T>)buffer;
        bool isWhole = start == 0 && target.Length == _values.Length && _values.Length > 0;
        if (isWhole && IsInOwn())
        {
            target.Exchange(ref _own);
            return;
        }
        _values.CopyTo(target.Items.Slice(start, _values.Length));
        if (isWhole && _own.Length < _values.Length)
            _own = new T[_values.Length];
    }

    /// <summary>True if the getter filled the given array; it may also return an array of its own, which it keeps.</summary>
    private bool IsInOwn() =>
        _own.Length >= _values.Length
        && _values.IsDense
        && Unsafe.AreSame(ref MemoryMarshal.GetReference(_values.GetValues()), ref MemoryMarshal.GetArrayDataReference(_own));
}
