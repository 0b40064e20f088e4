using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>The same images from a folder, a zip file, memory and Parquet are the same images.</summary>
public sealed class SourcesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 12);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scores_do_not_depend_on_where_images_lie()
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        string[] files = [.. photos.GetColumn<string>("ImagePath")],
            labels = [.. photos.GetColumn<string>("Label")];
        float[][] expected = Score(photos, "ImagePath");

        string zip = _folder.File("photos.zip");
        await ZipFile.CreateFromDirectoryAsync(_folder.Photos, zip);
        IDataView archive = _ml.Data.LoadFromImageArchive(zip);
        Assert.Equal(labels.Order(), archive.GetColumn<string>("Label").Order());
        IDataView memory = _ml.Data.LoadFromEncodedImages(files.Select((file, i) => new EncodedImage(File.ReadAllBytes(file), labels[i])));
        Assert.Equal(expected, Score(memory, "Image"));
        IDataView parquet = _ml.Data.LoadFromParquet(await WriteParquet(files, labels));
        Assert.Equal(labels, parquet.GetColumn<string>("Label"));
        Assert.Equal(expected, Score(parquet, "Image"));
        Assert.Equal(expected.Select(row => row[0]).Order(), Score(archive, "Image").Select(row => row[0]).Order());
    }

    private async Task<string> WriteParquet(string[] files, string[] labels)
    {
        string path = _folder.File("photos.parquet");
        var image = new DataField<byte[]>("image");
        var label = new DataField<string>("label");
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(image, label), file);
        using ParquetRowGroupWriter rows = writer.CreateRowGroup();
        await rows.WriteAsync(image, files.Select(File.ReadAllBytes).ToArray());
        await rows.WriteAsync(label, labels);
        return path;
    }

    private float[][] Score(IDataView images, string column)
    {
        IDataView features = _ml.Transforms.ExtractImageFeatures("Features", column, TinyNetwork.Backbone()).Fit(images).Transform(images);
        return [.. features.GetColumn<float[]>("Features")];
    }
}
