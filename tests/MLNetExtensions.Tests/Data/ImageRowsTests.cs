using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public sealed class ImageRowsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly ImageDecoder _decoder = new(
        new ImagePreprocessing
        {
            Width = 16,
            Height = 12,
            CropFraction = 1,
        }
    );

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 5)]
    [InlineData(7, 60)]
    [InlineData(3, 1)]
    public void Rows_come_in_order_whatever_the_threads(int threads, int batchSize)
    {
        string[] paths = Colors(57);
        var rows = new ImageRows(View(paths), _decoder, Options() with { Threads = threads, LabelColumnName = "Label" });
        Assert.Equal(3, rows.ClassCount);
        var seen = new List<long>();
        foreach (ImageBatch batch in rows.ReadBatches(batchSize))
        {
            Assert.Equal(Math.Min(batchSize, 57 - seen.Count), batch.Count);
            for (int i = 0; i < batch.Count; i++)
            {
                long row = batch.Rows[i];
                Assert.Equal(seen.Count, row);
                Assert.Equal((int)(row % 3), batch.Labels[i]);
                Assert.Equal(ColorOf(row), batch.Pixels[i * _decoder.CanvasBytes]);
                seen.Add(row);
            }
        }
        Assert.Equal(57, seen.Count);
        Assert.Empty(rows.InvalidImages);
    }

    [Fact]
    public void Every_kind_of_column_gives_the_same_pixels()
    {
        string[] paths =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(i => _folder.Add($"{i}.jpg", TestImages.Encode(TestImages.Pattern(40 + i, 31), SKEncodedImageFormat.Jpeg))),
        ];
        IDataView view = View(paths);
        view = _ml
            .Transforms.LoadImages("Image", "", "Path")
            .Append(_ml.Transforms.ResizeImages("Resized", 16, 12, "Image"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Resized"))
            .Fit(view)
            .Transform(view);
        byte[] expected = Read("Path");
        Assert.Equal(4 * _decoder.CanvasBytes, expected.Length);
        Assert.Equal(expected, Read("Image"));
        Assert.Equal(expected, Read("Resized"));
        Assert.Equal(expected, Read("Pixels"));
        Assert.Equal(expected, Read("Bytes"));

        byte[] Read(string column) =>
            Assert.Single(new ImageRows(view, _decoder, new() { ImageColumnName = column }).ReadBatches(10)).Pixels.ToArray();
    }

    [Fact]
    public void Relative_paths_start_at_the_image_folder()
    {
        _folder.Add("sub/a.png", Color(9));
        var rows = new ImageRows(View(["sub/a.png"], readBytes: false), _decoder, Options() with { ImageFolder = _folder.Path });
        Assert.Equal([9], rows.ReadBatches(1).Select(batch => batch.Pixels[0]));
    }

    [Fact]
    public void An_invalid_image_names_its_row_and_path()
    {
        string[] paths = [.. Colors(3), _folder.Add("empty.jpg", []), .. Colors(2)];
        var rows = new ImageRows(View(paths), _decoder, Options());
        var error = Assert.Throws<InvalidImageException>(() => rows.ReadBatches(2).Sum(batch => batch.Count));
        Assert.Equal((3, paths[3], "the file is empty (0 bytes)"), (error.Row, error.Path, error.Reason));
        Assert.Contains($"row 3, '{paths[3]}'", error.Message);
    }

    [Theory]
    [InlineData("Path")]
    [InlineData("Bytes")]
    [InlineData("Image")]
    public void MaxInvalidImages_skips_and_lists_invalid_images(string column)
    {
        string[] paths = [.. Colors(3), _folder.Add("text.jpg", "no image"u8), .. Colors(2), _folder.Add("half.jpg", "neither"u8)];
        IDataView view = View(paths);
        view = _ml.Transforms.LoadImages("Image", "", "Path").Fit(view).Transform(view);
        var rows = new ImageRows(view, _decoder, new() { ImageColumnName = column, MaxInvalidImages = 2 });
        for (int pass = 0; pass < 2; pass++)
        {
            Assert.Equal([0, 1, 2, 4, 5], rows.ReadBatches(4).SelectMany(batch => batch.Rows.ToArray()));
            Assert.Equal([3L, 6L], rows.InvalidImages.Select(bad => bad.Row));
            Assert.All(rows.InvalidImages, bad => Assert.NotEmpty(bad.Reason));
            if (column == "Path")
                Assert.Equal([paths[3], paths[6]], rows.InvalidImages.Select(bad => bad.Path));
        }
    }

    [Fact]
    public void More_invalid_images_than_allowed_are_all_listed()
    {
        string missing = Path.Combine(_folder.Path, "missing.jpg");
        string[] paths = [_folder.Add("a.jpg", []), .. Colors(3), _folder.Add("b.jpg", []), missing];
        var rows = new ImageRows(View(paths, readBytes: false), _decoder, Options() with { MaxInvalidImages = 2 });
        var error = Assert.Throws<InvalidImageException>(() => rows.ReadBatches(2).Count());
        Assert.Equal([0L, 4L, 5L], error.InvalidImages.Select(bad => bad.Row));
        foreach (string path in new[] { paths[0], paths[4], missing })
            Assert.Contains(path, error.Message);
        Assert.Contains("MaxInvalidImages = 2", error.Message);
    }

    [Fact]
    public void A_missing_label_names_its_row()
    {
        string[] paths = Colors(5);
        IDataView view = _ml.Data.LoadFromEnumerable(paths.Select((path, i) => new Row { Path = path, Class = i == 3 ? "" : "a" }));
        view = _ml
            .Transforms.Conversion.MapValueToKey("Label", "Class")
            .Fit(_ml.Data.FilterByCustomPredicate(view, (Row row) => row.Class == ""))
            .Transform(view);
        var rows = new ImageRows(view, _decoder, Options() with { LabelColumnName = "Label", MaxInvalidImages = 5 });
        var error = Assert.Throws<InvalidDataException>(() => rows.ReadBatches(2).Count());
        Assert.Contains("Row 3 has no label", error.Message);
        Assert.Contains("'Label'", error.Message);
    }

    [Fact]
    public void Wrong_columns_are_refused_in_MLNets_words()
    {
        IDataView view = View(Colors(1));
        Assert.Contains("Could not find input column 'Nothing'", Error("Nothing", null));
        Assert.Contains("Schema mismatch for input column 'Number': expected Image, Text", Error("Number", null));
        Assert.Contains(
            "Schema mismatch for label column 'Path': expected Key (as MapValueToKey makes), Single, or Vector<Boolean> or "
                + "Vector<Single> of known size, got String",
            Error("Path", "Path")
        );
        Assert.Contains("Could not find label column 'Nothing'", Error("Path", "Nothing"));
        Assert.Contains("Vector<Single, 3, 12, 16>", Error("Wrong", null));

        string Error(string image, string? label) =>
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new ImageRows(view, _decoder, new() { ImageColumnName = image, LabelColumnName = label })
                )
                .Message;
    }

    [Fact]
    public void Canceling_ends_the_reading()
    {
        using var source = new CancellationTokenSource();
        var rows = new ImageRows(View(Colors(200)), _decoder, Options());
        int batches = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (ImageBatch batch in rows.ReadBatches(10, source.Token))
                if (++batches == 3)
                    source.Cancel();
        });
        Assert.Equal(3, batches);
    }

    [Fact]
    public void Leaving_early_stops_the_threads_and_closes_the_cursor()
    {
        var view = new CountingView(View(Colors(300)));
        var rows = new ImageRows(view, _decoder, Options() with { Threads = 3 });
        foreach (ImageBatch batch in rows.ReadBatches(10))
            break;
        Assert.Equal(0, view.OpenCursors);
        Assert.InRange(view.RowsRead, 10, 10 + 10 + 3);
    }

    [Fact]
    public void An_error_of_the_view_names_the_row()
    {
        string[] paths = Colors(6);
        IDataView view = _ml.Data.FilterByCustomPredicate(
            View(paths),
            (Row row) => row.Path == paths[4] ? throw new InvalidTimeZoneException("odd") : false
        );
        var rows = new ImageRows(view, _decoder, Options());
        var error = Assert.ThrowsAny<Exception>(() => rows.ReadBatches(3).Count());
        Assert.Contains("row 4", error.Message);
        Assert.IsType<InvalidTimeZoneException>(error.GetBaseException());
    }

    [Fact]
    public void An_empty_view_has_no_batches() =>
        Assert.Empty(new ImageRows(View([]), _decoder, Options() with { LabelColumnName = "Label" }).ReadBatches(3));

    private static ImageRowsOptions Options() => new() { ImageColumnName = "Path" };

    private static byte ColorOf(long row) => (byte)(row * 3);

    private static byte[] Color(byte value)
    {
        var bitmap = new SKBitmap(new SKImageInfo(5, 4, SKColorType.Bgra8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(value, value, value));
        return TestImages.Encode(bitmap, SKEncodedImageFormat.Png);
    }

    private string[] Colors(int count) => [.. Enumerable.Range(0, count).Select(i => _folder.Add($"c{i}.png", Color(ColorOf(i))))];

    private IDataView View(string[] paths, bool readBytes = true)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(
            paths.Select(
                (path, i) =>
                    new Row
                    {
                        Path = path,
                        Class = $"class {i % 3}",
                        Bytes = readBytes ? File.ReadAllBytes(path) : [],
                    }
            )
        );
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(view).Transform(view);
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
        public string Class { get; set; } = "";
        public byte[] Bytes { get; set; } = [];
        public float Number { get; set; }

        [VectorType(7)]
        public float[] Wrong { get; set; } = new float[7];
    }
}
