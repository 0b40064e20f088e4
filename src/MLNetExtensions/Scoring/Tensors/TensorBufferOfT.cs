namespace MLNetExtensions.Scoring.Tensors;

/// <summary>A buffer with elements of one type.</summary>
/// <typeparam name="T">The type that ML.NET's columns have.</typeparam>
internal abstract class TensorBuffer<T> : TensorBuffer
{
    private T[] _items = [];
    private T[]? _permuted;

    /// <summary>The elements in use.</summary>
    public Span<T> Items => _items.AsSpan(0, Length);

    public override object Storage => _items;

    private protected Memory<T> Memory => _items.AsMemory(0, Length);

    public override void Resize(long length)
    {
        int size = Checked(length);
        if (_items.Length < size)
            _items = GC.AllocateUninitializedArray<T>(size);
        Length = size;
    }

    /// <summary>Takes an array with elements for those of this buffer, and gives its own for it.</summary>
    /// <param name="items">At least <see cref="TensorBuffer.Length"/> long.</param>
    public void Exchange(ref T[] items) => (_items, items) = (items, _items);

    public override void Clear(int start, int count, bool isMissing = false) =>
        Items.Slice(start, count).Fill(isMissing ? Missing : Nothing);

    public override void Copy(int from, int to, int count) => Items.Slice(from, count).CopyTo(Items[to..]);

    public override void SetSamples(int start, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
            _items[start + i] = Sample(values[i]);
    }

    public override double NumberAt(int index) => ToNumber(_items[index]);

    public override void Permute(int outer, int rows, bool intoTensor)
    {
        if (_permuted is null || _permuted.Length < _items.Length)
            _permuted = GC.AllocateUninitializedArray<T>(_items.Length);
        int inner = Length / outer / rows;
        for (int o = 0; o < outer; o++)
        for (int row = 0; row < rows; row++)
        {
            int inRows = ((row * outer) + o) * inner,
                inTensor = ((o * rows) + row) * inner;
            _items.AsSpan(intoTensor ? inRows : inTensor, inner).CopyTo(_permuted.AsSpan(intoTensor ? inTensor : inRows));
        }
        (_items, _permuted) = (_permuted, _items);
    }

    /// <summary>The value that a row without an image gets in an output.</summary>
    private protected virtual T Missing => Nothing;

    private protected virtual T Nothing => default!;

    private protected abstract T Sample(double value);

    private protected abstract double ToNumber(T item);
}
