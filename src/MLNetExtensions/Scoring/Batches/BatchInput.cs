using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>One input of a batch.</summary>
internal sealed class BatchInput(TensorBuffer buffer, int rows) : IDisposable
{
    private readonly RowSlot?[] _images = new RowSlot?[rows];

    /// <summary>The rows' values, one row after another.</summary>
    public TensorBuffer Buffer { get; } = buffer;

    /// <summary>The elements of each row.</summary>
    public int RowLength { get; set; }

    /// <summary>The slot that keeps a row's image between reading and decoding.</summary>
    public RowSlot Image(int row, int canvasBytes) => _images[row] ??= new RowSlot(canvasBytes);

    /// <summary>The size of a row's image as it was; nothing where the input is none of images, or did not tell.</summary>
    public ImageSize SourceSize(int row) => _images[row]?.Source ?? default;

    public void Dispose()
    {
        foreach (RowSlot? slot in _images)
            slot?.Dispose();
    }
}
