using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>
/// The elements of a model's input or output for a batch, rows one after another, as ML.NET holds them. It is reused from batch to batch and only
/// grows. One thread at a time.
/// </summary>
internal abstract class TensorBuffer
{
    /// <summary>The number of elements in use.</summary>
    public int Length { get; private protected set; }

    /// <summary>The object that holds the elements; another one after they have moved.</summary>
    public abstract object Storage { get; }

    /// <summary>Makes room; what was there is lost.</summary>
    /// <exception cref="InvalidOperationException">There are more elements than an array can have.</exception>
    public abstract void Resize(long length);

    /// <summary>Leaves the first elements in use only; they stay as they are.</summary>
    public void Trim(int length) => Length = Math.Min(length, Length);

    /// <summary>Sets elements to what stands for "nothing": 0, false, no text; NaN if <paramref name="isMissing"/> says so and the type has it.</summary>
    public abstract void Clear(int start, int count, bool isMissing = false);

    /// <summary>
    /// Brings rows from one after another into the places that a tensor has for them whose batch is no first dimension, or back.
    /// </summary>
    /// <param name="outer">The product of the dimensions before the batch.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="intoTensor">Into the tensor's order, or back from it.</param>
    public abstract void Permute(int outer, int rows, bool intoTensor);

    /// <summary>Copies elements to another place.</summary>
    public abstract void Copy(int from, int to, int count);

    /// <summary>Sets elements to values that a model can be tried with.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="values">A number for each: floats take it unchanged, integers within their range.</param>
    public abstract void SetSamples(int start, ReadOnlySpan<double> values);

    /// <summary>An element as a number, to compare it with others.</summary>
    public abstract double NumberAt(int index);

    /// <summary>A tensor of this buffer's elements, which must stay as they are while ONNX Runtime has it.</summary>
    public abstract OrtValue ToOrtValue(long[] shape);

    /// <summary>True if ONNX Runtime can write its output into <see cref="ToOrtValue"/>'s tensor, so that nothing is copied.</summary>
    public virtual bool IsWritable => true;

    /// <summary>Copies an output.</summary>
    public abstract void Take(OrtValue value);

    private protected static int Checked(long length) => length <= Array.MaxLength
        ? (int)length
        : throw new InvalidOperationException($"A batch needs {length} elements in one tensor; at most {Array.MaxLength} can be held. Set BatchSize to fewer rows.");
}

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

    public override void Clear(int start, int count, bool isMissing = false) => Items.Slice(start, count).Fill(isMissing ? Missing : Nothing);

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
                int inRows = ((row * outer) + o) * inner, inTensor = ((o * rows) + row) * inner;
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

/// <summary>Numbers and Booleans, which ONNX Runtime holds as .NET does.</summary>
internal abstract class NumberBuffer<T> : TensorBuffer<T> where T : unmanaged
{
    public override OrtValue ToOrtValue(long[] shape) => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, Memory, shape);

    public override void Take(OrtValue value)
    {
        ReadOnlySpan<T> elements = value.GetTensorDataAsSpan<T>();
        Resize(elements.Length);
        elements.CopyTo(Items);
    }
}

/// <summary>Truth values.</summary>
internal sealed class BooleanBuffer : NumberBuffer<bool>
{
    private protected override bool Sample(double value) => value > 0;

    private protected override double ToNumber(bool item) => item ? 1 : 0;
}

/// <summary>Whole numbers.</summary>
internal sealed class IntegerBuffer<T> : NumberBuffer<T> where T : unmanaged, System.Numerics.IBinaryInteger<T>
{
    // Bytes are pixels; wider numbers are indices more often than not, of tables whose length is not known.
    private protected override T Sample(double value) => System.Runtime.CompilerServices.Unsafe.SizeOf<T>() == 1 ? T.CreateSaturating(value) : value > 0 ? T.One : T.Zero;

    private protected override double ToNumber(T item) => double.CreateSaturating(item);
}

/// <summary>Floating-point numbers: a missing one is NaN.</summary>
internal sealed class FloatingBuffer<T> : NumberBuffer<T> where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    private protected override T Missing => T.NaN;

    private protected override T Sample(double value) => T.CreateSaturating(value);

    private protected override double ToNumber(T item) => double.CreateSaturating(item);
}

/// <summary>16-bit floats, which ML.NET does not have: 32-bit floats outside.</summary>
internal sealed class HalfBuffer : TensorBuffer<float>
{
    private Float16[] _halves = [];

    public override bool IsWritable => false;

    private protected override float Missing => float.NaN;

    private protected override float Sample(double value) => (float)value;

    private protected override double ToNumber(float item) => item;

    public override OrtValue ToOrtValue(long[] shape)
    {
        if (_halves.Length < Length)
            _halves = new Float16[Length];
        Span<Half> halves = System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(_halves.AsSpan(0, Length));
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(Items, halves);
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halves.AsMemory(0, Length), shape);
    }

    public override void Take(OrtValue value)
    {
        ReadOnlySpan<Half> halves = System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>());
        Resize(halves.Length);
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, Items);
    }
}

/// <summary>Texts.</summary>
internal sealed class TextBuffer : TensorBuffer<ReadOnlyMemory<char>>
{
    public override bool IsWritable => false;

    private protected override ReadOnlyMemory<char> Sample(double value) => value.ToString("F0", System.Globalization.CultureInfo.InvariantCulture).AsMemory();

    private protected override double ToNumber(ReadOnlyMemory<char> item) => string.GetHashCode(item.Span, StringComparison.Ordinal);

    public override OrtValue ToOrtValue(long[] shape)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (int i = 0; i < Length; i++)
            value.StringTensorSetElementAt(Items[i], i);
        return value;
    }

    public override void Take(OrtValue value)
    {
        string[] texts = value.GetStringTensorAsArray();
        Resize(texts.Length);
        for (int i = 0; i < texts.Length; i++)
            Items[i] = texts[i].AsMemory();
    }
}
