using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public sealed class ImageStoreTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private static readonly ImagePreprocessing Preprocessing = new() { Width = 14, Height = 7 };
    private readonly ImageDecoder _decoder = new(Preprocessing);

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5_000, null)]
    [InlineData(1 << 20, null)]
    [InlineData(0, 100)]
    [InlineData(5_000, 100)]
    [InlineData(0, 7)] // the cache is full after seven images, as on a full disk: the others go to the temporary file
    public void Images_come_back_in_any_order(long memoryBudget, int? cachedImages)
    {
        using DecodedImageCache? cache = cachedImages is { } images
            ? DecodedImageCache.Open(_folder.Path, Preprocessing, maxBytes: 4096 + (images * (40 + _decoder.CanvasBytes)))
            : null;
        using var caching = new ImageDecoder(Preprocessing, cache: cache);
        string[] paths =
        [
            .. Enumerable
                .Range(0, 25)
                .Select(i =>
                    i == 4
                        ? _folder.Add("bad.png", "bad"u8)
                        : _folder.Add($"{i}.png", TestImages.Encode(TestImages.Pattern(30 + i, 20), SKEncodedImageFormat.Png))
                ),
        ];
        IDataView view = _ml.Data.LoadFromEnumerable(paths.Select((path, i) => new Row { Path = path, Class = $"{i % 2}" }));
        view = _ml.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(view).Transform(view);
        // Where the cache takes all, no temporary file is needed.
        using var store = new ImageStore(caching, memoryBudget, cachedImages is 100 ? Path.Combine(_folder.Path, "missing") : _folder.Path);
        foreach (
            ImageBatch batch in new ImageRows(
                view,
                caching,
                new()
                {
                    ImageColumnName = "Path",
                    LabelColumnName = "Label",
                    MaxInvalidImages = 1,
                }
            ).ReadBatches(4)
        )
            store.Add(batch);

        Assert.Equal(24, store.Count);
        Assert.Equal(cachedImages is { } most ? Math.Min(24, most) : 0, cache?.Count ?? 0);
        Assert.Equal(
            memoryBudget switch
            {
                0 => 24,
                5_000 => 24 - (5_000 / _decoder.CanvasBytes),
                _ => 0,
            },
            store.CountOnDisk
        );
        int[] indices = [.. Enumerable.Range(0, 24).Reverse().Append(3)];
        byte[] canvases = new byte[indices.Length * _decoder.CanvasBytes],
            crops = new byte[indices.Length * _decoder.InputBytes];
        store.Fill(indices, canvases);
        store.FillCenterCrops(indices, crops);
        byte[] expected = new byte[_decoder.CanvasBytes],
            expectedCrop = new byte[_decoder.InputBytes];
        for (int i = 0; i < indices.Length; i++)
        {
            int row = indices[i] < 4 ? indices[i] : indices[i] + 1;
            Assert.Equal((row, row % 2), (store.Row(indices[i]), store.Label(indices[i])));
            _decoder.DecodeFile(paths[row], expected);
            _decoder.CropCenter(expected, expectedCrop);
            Assert.Equal(expected, canvases.AsSpan(i * expected.Length, expected.Length).ToArray());
            Assert.Equal(expectedCrop, crops.AsSpan(i * expectedCrop.Length, expectedCrop.Length).ToArray());
        }
    }

    [Fact]
    public void A_target_that_is_too_short_is_refused()
    {
        using var store = new ImageStore(_decoder, 1000, _folder.Path);
        Assert.Throws<ArgumentException>(() => store.Fill([0, 0], new byte[_decoder.CanvasBytes]));
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
        public string Class { get; set; } = "";
    }
}
