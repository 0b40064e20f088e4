using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Imaging;
using Parquet;
using Parquet.Schema;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Parquet.Tests;

public sealed class LoadParquetTests : IDisposable
{
    private const string Metadata =
        """{"info": {"features": {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}, "image": {"_type": "Image"}}}}""";

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetextensions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Hugging_Faces_layout_gives_images_names_and_class_names()
    {
        string path = await WriteAsync(
            "train-00000-of-00001.parquet",
            Metadata,
            [([1, 2], "a.jpg", 1), ([3], null, 0)],
            [([4, 5, 6], "c.jpg", 1)]
        );
        IDataView view = _ml.Data.LoadFromParquet(path);
        Assert.Equal(["Image", "ImagePath", "Label"], view.Schema.Select(column => column.Name));
        Assert.Equal(
            [
                [1, 2],
                [3],
                [4, 5, 6],
            ],
            Images(view)
        );
        Assert.Equal(
            [
                [1, 2],
                [3],
                [4, 5, 6],
            ],
            Images(view)
        );
        Assert.Equal(["a.jpg", path + "#1", "c.jpg"], view.GetColumn<string>("ImagePath"));
        Assert.Equal(["dog", "cat", "dog"], view.GetColumn<string>("Label"));
        Assert.Equal((3, false), (view.GetRowCount(), view.CanShuffle));
        Assert.Null(_ml.Data.LoadFromParquet(path, new() { LabelColumn = null }).Schema.GetColumnOrNull("Label"));
    }

    [Fact]
    public async Task The_shards_of_a_folder_are_one_view()
    {
        await WriteAsync("b.parquet", null, [([2], null, 7)]);
        await WriteAsync("a.parquet", null, [([1], null, -1)]);
        IDataView view = _ml.Data.LoadFromParquet(_folder);
        Assert.Equal(
            [
                [1],
                [2],
            ],
            Images(view)
        );
        Assert.Equal(["-1", "7"], view.GetColumn<string>("Label"));
        Assert.EndsWith("b.parquet#0", view.GetColumn<string>("ImagePath").Last());
    }

    [Fact]
    public async Task Plain_columns_of_bytes_and_texts_are_read()
    {
        var bytes = new DataField<byte[]>("photo");
        var label = new DataField<string>("kind");
        var number = new DataField<int>("number"); // a column without nulls has no levels
        string path = Path.Combine(_folder, "plain.parquet");
        using (FileStream file = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(bytes, label, number), file))
        using (ParquetRowGroupWriter rows = writer.CreateRowGroup())
        {
            byte[][] images = [Image(30, 20), Image(20, 30)];
            await rows.WriteAsync(bytes, images);
            await rows.WriteAsync(label, ["wide", "high"]);
            await rows.WriteAsync<int>(number, new[] { 3, 14 });
        }
        IDataView view = _ml.Data.LoadFromParquet(path, new() { ImageColumn = "photo", LabelColumn = "kind" });
        DataInspection found = _ml.Vision().Inspect(view);
        Assert.Empty(found.UnreadableImages);
        Assert.Equal(new SizeRange(20, 30, 30), found.Width);
        Assert.Equal(["high", "wide"], found.Classes.Select(c => c.Label));
        Assert.Equal(
            ["3", "14"],
            _ml.Data.LoadFromParquet(path, new() { ImageColumn = "photo", LabelColumn = "number" }).GetColumn<string>("Label")
        );
        Assert.Contains("has no column 'image'; it has photo, kind, number. Set LoadParquetOptions.ImageColumn", Error(path, new()));
        Assert.Contains("column 'kind' holds", Error(path, new() { ImageColumn = "kind", LabelColumn = null }));
        Assert.Contains("column 'photo' holds", Error(path, new() { ImageColumn = "photo", LabelColumn = "photo" }));
    }

    [Fact]
    public async Task Rows_without_an_image_or_a_label_are_named()
    {
        string path = await WriteAsync("null.parquet", null, [([1], "a", 0), (null, null, 0)]);
        Exception error = Assert.Throws<InvalidImageException>(() => Images(_ml.Data.LoadFromParquet(path)));
        Assert.Contains($"row 1, '{path}#1', cannot be used: there is no image", error.Message);
        path = await WriteAsync("label.parquet", null, [([1], "a", 0), ([2], "b", null)]);
        Assert.Contains("row 1: 'label' is empty", Error(path, new()));
        path = await WriteAsync("class.parquet", Metadata, [([1], "a", 2)]);
        Assert.Contains("class 2 of column 'label' has no name; the file names 2 classes", Error(path, new()));
    }

    [Fact]
    public async Task Damaged_files_are_named()
    {
        string path = await WriteAsync("cut.parquet", null, [([1], "a", 0)]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes.AsMemory(0, bytes.Length / 2));
        Assert.Contains($"'{path}' is no Parquet file, or it is damaged or cut short", Error(path, new()));
        await File.WriteAllBytesAsync(path, "hello"u8.ToArray());
        Assert.Contains("is no Parquet file", Error(path, new()));
        Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromParquet(Path.Combine(_folder, "none.parquet")));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Assert.Contains(
            "has no *.parquet files",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromParquet(Path.Combine(_folder, "empty"))).Message
        );
        Assert.Equal(("image", "label"), (new LoadParquetOptions().ImageColumn, new LoadParquetOptions().LabelColumn));
    }

    private string Error(string path, LoadParquetOptions options) =>
        Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromParquet(path, options)).Message;

    /// <summary>Writes image: {bytes, path} and label: int64, as the datasets library does.</summary>
    private async Task<string> WriteAsync(string name, string? metadata, params (byte[]? Bytes, string? Path, long? Label)[][] groups)
    {
        var bytes = new DataField<byte[]>("bytes");
        var names = new DataField<string>("path");
        var label = new DataField<long?>("label");
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(new StructField("image", bytes, names), label),
            file
        );
        if (metadata is not null)
            writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = metadata };
        foreach ((byte[]? Bytes, string? Path, long? Label)[] group in groups)
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            // Level 2: the value is there, 1: the structure is, 0: not even that.
            await rows.WriteAllPartsAsync<ReadOnlyMemory<byte>>(
                bytes,
                group.Where(row => row.Bytes is not null).Select(row => (ReadOnlyMemory<byte>)row.Bytes).ToArray(),
                group.Select(row => row.Bytes is null ? 0 : 2).ToArray(),
                null,
                default
            );
            await rows.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                names,
                group.Where(row => row.Path is not null).Select(row => row.Path.AsMemory()).ToArray(),
                group
                    .Select(row =>
                        row.Path is not null ? 2
                        : row.Bytes is null ? 0
                        : 1
                    )
                    .ToArray(),
                null,
                default
            );
            await rows.WriteAsync<long>(label, group.Select(row => row.Label).ToArray());
        }
        return path;
    }

    private static byte[][] Images(IDataView view)
    {
        DataViewSchema.Column column = view.Schema["Image"];
        List<byte[]> images = [];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<byte>> getter = cursor.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            images.Add([.. value.DenseValues()]);
        }
        return [.. images];
    }

    private static byte[] Image(int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int i = 0; i < width * height; i++)
            bitmap.SetPixel(i % width, i / width, new SKColor((byte)i, (byte)(i / width), 9));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
