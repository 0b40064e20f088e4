using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

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
