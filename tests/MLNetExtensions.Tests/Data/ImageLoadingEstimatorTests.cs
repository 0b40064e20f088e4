using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public sealed class ImageLoadingEstimatorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Path")]
    [InlineData("Bytes")]
    public void Images_equal_those_of_MLNet(string column)
    {
        string[] paths =
        [
            _folder.Add("a.jpg", TestImages.Encode(TestImages.Pattern(61, 40), SKEncodedImageFormat.Jpeg)),
            _folder.Add("b.png", TestImages.Encode(TestImages.Pattern(30, 50, hasAlpha: true), SKEncodedImageFormat.Png)),
            _folder.Add("c.png", TestImages.Encode(TestImages.Gray(30, 50), SKEncodedImageFormat.Png)),
        ];
        IDataView view = View(paths);
        Assert.Equal(
            Pixels(_ml.Transforms.LoadImages("Image", "", "Path"), view),
            Pixels(_ml.Transforms.DecodeImages("Image", column), view)
        );
    }

    [Fact]
    public void Images_are_upright()
    {
        using var golden = new Npz(GoldenFiles.PathOf("image_ops.npz"));
        string[] paths = [.. Enumerable.Range(1, 8).Select(i => _folder.Add($"{i}.jpg", golden.Bytes($"exif/{i}/jpeg")))];
        IDataView view = View(paths);
        IDataView loaded = _ml.Transforms.DecodeImages("Image", "Path").Fit(view).Transform(view);
        Assert.Equal(Enumerable.Repeat((48, 32), 8), Read(loaded, image => (image.Width, image.Height)));
        Assert.Equal(paths, Read(loaded, image => image.Tag));
    }

    [Theory]
    [InlineData("Path")]
    [InlineData("Bytes")]
    public void A_saved_model_loads_and_reads_the_users_columns(string column)
    {
        IDataView view = View([_folder.Add("a.png", TestImages.Encode(TestImages.Pattern(61, 40), SKEncodedImageFormat.Png))]);
        ITransformer model = _ml
            .Transforms.DecodeImages("Photo", column)
            .Append(_ml.Transforms.ResizeImages("Small", 8, 6, "Photo"))
            .Fit(view);
        string zip = Path.Combine(_folder.Path, "model.zip");
        _ml.Model.Save(model, view.Schema, zip);
        ITransformer loaded = new MLContext().Model.Load(zip, out _);
        IDataView output = loaded.Transform(view);
        Assert.Equal(["Path", "Bytes", "Number", "Photo", "Small"], output.Schema.Select(c => c.Name));
        Assert.Equal(
            Read(model.Transform(view), image => Convert.ToHexString(image.Pixels), "Small"),
            Read(output, image => Convert.ToHexString(image.Pixels), "Small")
        );
    }

    [Fact]
    public void Invalid_images_are_errors_with_row_and_path()
    {
        string[] paths =
        [
            _folder.Add("a.png", TestImages.Encode(TestImages.Pattern(6, 4), SKEncodedImageFormat.Png)),
            _folder.Add("bad.png", "bad"u8),
        ];
        IDataView view = View(paths);
        IDataView loaded = _ml.Transforms.DecodeImages("Image", "Path").Fit(view).Transform(view);
        Assert.Equal(paths[1], Assert.Throws<InvalidImageException>(() => Read(loaded, image => image.Width)).Path);

        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 8, Height = 8 });
        var rows = new ImageRows(loaded, decoder, new() { ImageColumnName = "Image", MaxInvalidImages = 1 });
        Assert.Equal([0L], rows.ReadBatches(3).SelectMany(batch => batch.Rows.ToArray()));
        Assert.Equal([(1L, paths[1])], rows.InvalidImages.Select(bad => (bad.Row, bad.Path!)));
    }

    [Fact]
    public void Other_columns_are_refused()
    {
        IDataView view = View([]);
        Assert.Contains("Schema mismatch for input column 'Number'", Error(() => _ml.Transforms.DecodeImages("Image", "Number").Fit(view)));
        Assert.Contains("Could not find input column 'None'", Error(() => _ml.Transforms.DecodeImages("Image", "None").Fit(view)));
        Assert.Contains(
            "Schema mismatch for input column 'Number'",
            Error(() => _ml.Transforms.CopyColumns("x", "Path").Append(_ml.Transforms.DecodeImages("Image", "Number")).Fit(view))
        );
        Assert.Throws<ArgumentException>(() => _ml.Transforms.DecodeImages(" "));

        static string Error(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;
    }

    private IDataView View(string[] paths) =>
        _ml.Data.LoadFromEnumerable(paths.Select(path => new Row { Path = path, Bytes = File.ReadAllBytes(path) }));

    private float[][] Pixels(IEstimator<ITransformer> loading, IDataView view)
    {
        IDataView output = loading
            .Append(_ml.Transforms.ResizeImages("Image", 20, 20, "Image", ImageResizingEstimator.ResizingKind.IsoPad))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Fit(view)
            .Transform(view);
        return [.. output.GetColumn<float[]>("Pixels")];
    }

    private static List<T> Read<T>(IDataView view, Func<MLImage, T> read, string column = "Image")
    {
        List<T> values = [];
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[column]]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(view.Schema[column]);
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            getter(ref image);
            values.Add(read(image));
        }
        return values;
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
        public byte[] Bytes { get; set; } = [];
        public float Number { get; set; }
    }
}
