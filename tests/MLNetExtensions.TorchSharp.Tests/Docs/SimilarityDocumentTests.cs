using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Quality;
using MLNetExtensions.Similarity;
using MLNetExtensions.Similarity.Maps;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/similarity.md and docs/label-errors.md.</summary>
public sealed class SimilarityDocumentTests : IDisposable
{
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public SimilarityDocumentTests() => Environment.CurrentDirectory = _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_on_similar_images_run()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        var ml = new MLContext(seed: 1);
        IDataView photos = Paths(ml);

        IDataView features = ml
            .Transforms.ExtractImageFeatures("Features", "ImagePath", Backbone.FromFile(backboneFile))
            .Fit(photos)
            .Transform(photos);

        EmbeddingIndex index = ml.Vision().BuildIndex(features, new BuildIndexOptions { LabelColumnName = "Label" });
        index.Save("photos.index");

        float[] query = features.GetColumn<float[]>("Features").First();
        EmbeddingIndex loaded = EmbeddingIndex.Load("photos.index");
        foreach (SimilarItem item in loaded.Search(query, count: 5)) // query: the features of another image
            Console.WriteLine($"{item.Distance:0.000} {item.Id} ({item.Label})");
        Assert.Equal(index.Ids![0], loaded.Search(query, 1)[0].Id);

        IDataView keyedFeatures = features;
        var neighbors = ml.MulticlassClassification.Trainers.NearestNeighbors();
        ITransformer byNeighbors = neighbors.Fit(keyedFeatures); // Label is a key; adds Score and PredictedLabel
        Assert.True(ml.MulticlassClassification.Evaluate(byNeighbors.Transform(keyedFeatures)).MicroAccuracy > 0.8);

        var groups = ml.Clustering.Trainers.KMeans("Features", numberOfClusters: 5).Fit(features);
        IDataView grouped = groups.Transform(features); // adds PredictedLabel, the number of the group
        Assert.Equal(index.Count, grouped.GetColumn<uint>("PredictedLabel").Count());

        IReadOnlyList<MapPoint> map = ml.Vision().MapEmbeddings(features, new EmbeddingMapOptions { LabelColumnName = "Label" });
        foreach (MapPoint point in map)
            Console.WriteLine($"{point.X:0.00} {point.Y:0.00} {point.Label} {point.Id}");
        Assert.Equal(index.Count, map.Count);
    }

    [Fact]
    public void The_block_on_label_errors_runs()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        var ml = new MLContext(seed: 1);
        IDataView right = Paths(ml);
        // The third row's label is another one than it should be.
        uint[] keys = [.. right.GetColumn<uint>("Label")];
        keys[2] = keys[2] == 1 ? 2u : 1;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Labeled));
        schema[nameof(Labeled.Label)].ColumnType = right.Schema["Label"].Type;
        IDataView photos = ml.Data.LoadFromEnumerable(
            right.GetColumn<string>("ImagePath").Select((path, row) => new Labeled { ImagePath = path, Label = keys[row] - 1 }),
            schema
        );

        LabelErrorReport report = ml.Vision().FindLabelErrors(photos, new LabelErrorOptions { Backbone = Backbone.FromFile(backboneFile) });
        Console.WriteLine(report); // row, given label, suggested label, quality, path: the worst 20
        ml.Vision().PreviewLabelErrors(report, "suspects.png"); // and as images

        foreach (LabelIssue issue in report.Issues)
            Console.WriteLine($"{issue.Path}: {issue.GivenLabel} or rather {issue.SuggestedLabel}?");
        Assert.Equal(2, report.Issues[0].Row);
        Assert.True(new FileInfo("suspects.png").Length > 0);
    }

    private IDataView Paths(MLContext ml)
    {
        IDataView images = _images.Paths(ml);
        return ml.Transforms.CopyColumns("ImagePath", "Image").Fit(images).Transform(images);
    }

    private sealed class Labeled
    {
        public string ImagePath { get; set; } = "";

        // As members of rows, keys count from 0.
        public uint Label { get; set; }
    }
}
