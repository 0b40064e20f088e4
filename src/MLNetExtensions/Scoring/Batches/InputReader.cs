using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Brings a column's rows into a batch: what needs the cursor first, what any thread can do later.</summary>
internal abstract class InputReader
{
    /// <summary>Takes the current row's values; its length is then known.</summary>
    public virtual void Read()
    {
    }

    /// <summary>The number of elements of the row that was read; null if the model says it.</summary>
    public virtual int? Length => null;

    /// <summary>Puts the current row into a batch. The cursor may move on after it.</summary>
    /// <exception cref="InvalidImageException">The row's image is missing.</exception>
    public abstract void Put(BatchInput input, int row, long dataRow);

    /// <summary>Completes a row that was put; called by any thread, after the cursor has moved on.</summary>
    /// <exception cref="InvalidImageException">The row's image cannot be read.</exception>
    public virtual void Complete(BatchInput input, int row)
    {
    }
}

/// <summary>Reads numbers and texts.</summary>
internal sealed class TensorReader(TensorColumnReader column) : InputReader
{
    private int _length;

    public override int? Length => _length;

    public override void Read() => _length = column.Read();

    public override void Put(BatchInput input, int row, long dataRow)
    {
        if (column.IsMissing && _length > 0)
            throw new InvalidImageException(dataRow, null, "there are no values (ExtractPixels was given no image?)");
        column.CopyTo(input.Buffer, row * _length);
    }
}

/// <summary>Reads images.</summary>
internal sealed class ImageReader(ImageColumnReader column, int canvasBytes, PixelWriter writer) : InputReader
{
    public override void Put(BatchInput input, int row, long dataRow)
    {
        RowSlot slot = input.Image(row, canvasBytes);
        slot.Row = dataRow;
        slot.Source = default;
        column.Read(slot);
    }

    public override void Complete(BatchInput input, int row)
    {
        RowSlot slot = input.Image(row, canvasBytes);
        column.Decode(slot);
        writer.Write(slot.Canvas, input.Buffer, row);
    }
}
