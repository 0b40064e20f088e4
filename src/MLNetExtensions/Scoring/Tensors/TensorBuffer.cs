using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>
/// The elements of a model's input or output for a batch, rows one after another, as ML.NET holds them. It is reused from batch to batch
/// and only grows. One thread at a time.
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

    /// <summary>
    /// Sets elements to what stands for "nothing": 0, false, no text; NaN if <paramref name="isMissing"/> says so and the type has it.
    /// </summary>
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

    private protected static int Checked(long length) =>
        length <= Array.MaxLength
            ? (int)length
            : throw new InvalidOperationException(
                $"A batch needs {length} elements in one tensor; at most {Array.MaxLength} can be held. Set BatchSize to fewer rows."
            );
}
