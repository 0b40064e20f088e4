using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Data;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Reads a view's images, for a predictor.</summary>
internal static class ImageReader
{
    public static IEnumerable<Row> Read(IDataView images) =>
        ImageFiles.ImageColumnOf(images) == "ImagePath"
            ? ImageFiles.Texts(images, "ImagePath").Select(path => new Row($"'{path}'", path, default))
            : images
                .GetColumn<VBuffer<byte>>("Image")
                .Select((bytes, row) => new Row($"of row {row + 1}", null, bytes.DenseValues().ToArray()));

    /// <summary>An image.</summary>
    /// <param name="Name">What messages call it.</param>
    /// <param name="Path">Its file; null if there are bytes.</param>
    /// <param name="Bytes">Its file's bytes.</param>
    internal sealed record Row(string Name, string? Path, ReadOnlyMemory<byte> Bytes)
    {
        public Task<VisionPrediction> AskAsync(VisionPredictor predictor, CancellationToken cancellation) =>
            Path is null ? predictor.PredictAsync(Bytes, cancellation) : predictor.PredictAsync(Path, cancellation);
    }
}
