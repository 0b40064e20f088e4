using System.Buffers;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Training;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>Decoded images as a model's own input.</summary>
/// <param name="images">The images; disposed with this.</param>
/// <param name="decoder">Says their size; disposed with this.</param>
/// <param name="preprocessing">The preprocessing that the model expects.</param>
internal sealed class ImageInputs(ImageStore images, ImageDecoder decoder, ImagePreprocessing preprocessing) : ITrainingRows
{
    private readonly PixelWriter _writer = PixelWriter.Input(preprocessing);

    public int Count => images.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [decoder.InputBytes];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        byte[] canvases = ArrayPool<byte>.Shared.Rent(rows.Length * decoder.CanvasBytes);
        images.Fill(rows, canvases);
        for (int row = 0; row < rows.Length; row++)
            _writer.Write(
                canvases.AsSpan(row * decoder.CanvasBytes, decoder.CanvasBytes),
                inputs[0].AsSpan(row * decoder.InputBytes, decoder.InputBytes)
            );
        ArrayPool<byte>.Shared.Return(canvases);
    }

    public void Dispose()
    {
        images.Dispose();
        decoder.Dispose();
    }
}
