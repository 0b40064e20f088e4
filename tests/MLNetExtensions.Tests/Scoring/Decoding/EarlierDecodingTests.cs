using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>Models that were saved when detections and masks were decoded by a step of this library, not by nodes of their graphs.</summary>
public sealed class EarlierDecodingTests : IDisposable
{
    private const int Width = 100,
        Height = 50;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _image;

    public EarlierDecodingTests()
    {
        using var image = new SKBitmap(Width, Height);
        _folder.Add("wide.png", TestImages.Encode(image, SKEncodedImageFormat.Png));
        _image = _ml.Data.LoadFromEnumerable([new ImageRow { Image = Path.Combine(_folder.Path, "wide.png") }]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Objects_are_found_as_before()
    {
        ITransformer model = Load("detector.zip");
        IDataView scored = model.Transform(_image);

        // The network sees 16 x 16 pixels, of which the image fills 16 x 8: 6.25 of its pixels are one.
        Assert.Equal(
            [
                [0.9f, 0.7f],
            ],
            scored.GetColumn<float[]>("Score")
        );
        Assert.Equal(
            [
                [1u, 2u],
            ],
            scored.GetColumn<uint[]>("PredictedLabel")
        );
        Assert.Equal(
            [
                [12.5f, 0f, 37.5f, 12.5f, 56.25f, 12.5f, 93.75f, 50f],
            ],
            scored.GetColumn<float[]>("PredictedBoundingBoxes")
        );
        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(model);
        Assert.Equal(
            scored.GetColumn<float[]>("PredictedBoundingBoxes"),
            accelerated.Transform(_image).GetColumn<float[]>("PredictedBoundingBoxes")
        );
    }

    [Fact]
    public void Masks_are_made_as_before()
    {
        ITransformer model = Load("segmenter.zip");
        byte[] mask = Assert.Single(model.Transform(_image).GetColumn<byte[]>("PredictedMask"));

        Assert.Equal(Width * Height, mask.Length);
        for (int y = 0; y < Height; y++)
        for (int x = 0; x < Width; x++)
            Assert.Equal((4 + (int)((y + 0.5) / 6.25) + (int)((x + 0.5) / 6.25)) / 8 % 3, mask[(y * Width) + x]);
        (model as IDisposable)?.Dispose();
    }

    private ITransformer Load(string file) =>
        _ml.Model.Load(Path.Combine(SharedData.RepositoryRoot, "tests", "Compat", "0.1.0", file), out _);

    private sealed class ImageRow
    {
        public string Image { get; set; } = "";
    }
}
