using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>The same network comes from exporters of all years: its answers and its features are the same.</summary>
public sealed class OpsetMatrixStory : IDisposable
{
    private const int Oldest = 7,
        Newest = 22;

    private readonly ShapeFolder _folder = new(images: 6);
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<int> Opsets => [.. Enumerable.Range(Oldest, Newest - Oldest)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_network_of_an_older_opset_answers_as_that_of_the_newest(int opset)
    {
        string newest = Write(Newest),
            older = Write(opset);

        Assert.Equal(Features(newest), Features(older));
        Assert.Equal(Scores(newest), Scores(older));
    }

    private string Write(int opset)
    {
        OnnxGraph graph = new TinyNetwork().Build(outputs: 3, seed: 1);
        // All of its operators are written alike since opset 7.
        string file = _folder.File($"opset{opset}.onnx");
        (graph with { Opsets = new Dictionary<string, int> { [""] = opset } }).Save(file);
        return file;
    }

    private float[][] Features(string file)
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        Backbone backbone = Backbone.FromFile(file, TinyNetwork.Preprocessing);
        return
        [
            .. _ml
                .Transforms.ExtractImageFeatures("Features", "ImagePath", backbone)
                .Fit(photos)
                .Transform(photos)
                .GetColumn<float[]>("Features"),
        ];
    }

    private float[][] Scores(string file)
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        using ScoreOnnxTransformer scorer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = file,
                    Inputs = [new OnnxInput { ColumnName = "ImagePath", Preprocessing = TinyNetwork.Preprocessing }],
                }
            )
            .Fit(photos);
        IDataView scored = scorer.Transform(photos);
        return [.. scored.GetColumn<float[]>(scored.Schema.Last(c => c.Type is VectorDataViewType { ItemType: NumberDataViewType }).Name)];
    }
}
