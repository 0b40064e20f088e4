using System.Buffers;
using MLNetExtensions.Data;
using MLNetExtensions.Training;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>Decoded pictures as the first layer reads them: planar RGB floats in 0..255. The store stays the caller's.</summary>
internal sealed class PictureRows(ImageStore pictures, int canvasBytes) : ITrainingRows
{
    public int Count => pictures.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [canvasBytes];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int length = rows.Length * canvasBytes;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        pictures.Fill(rows, pixels);
        PlanarPixels.ToSingle(pixels.AsSpan(0, length), inputs[0]);
        ArrayPool<byte>.Shared.Return(pixels);
    }

    public void Dispose()
    {
    }
}
