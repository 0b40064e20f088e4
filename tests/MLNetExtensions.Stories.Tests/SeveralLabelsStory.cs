using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Labels of another kind than one class: several at a time, and levels in an order.</summary>
public sealed class SeveralLabelsStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_has_several_tags()
    {
        IDataView data = Rows();
        TrainNetworkOptions options = Options();
        options.Task = ImageTask.MultiLabel;
        options.LabelColumnName = "Tags";
        using TrainNetworkTransformer model = _ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);

        MultiLabelReport report = _ml.Vision().ReportMultiLabel(model.Transform(data), "Tags");

        Assert.True(report.Macro.F1 > 0.75, report.ToString());
    }

    [Fact]
    public void A_level_is_near_where_it_is_wrong()
    {
        IDataView rows = Rows();
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Level").Fit(rows).Transform(rows);
        TrainNetworkOptions options = Options();
        options.Task = ImageTask.Ordinal;
        using TrainNetworkTransformer model = _ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);

        ClassificationReport report = _ml.Vision().Report(model.Transform(data));

        Assert.True(report.Confusion.CohensKappa(KappaWeights.Quadratic) > 0.7, report.ToString());
    }

    private static TrainNetworkOptions Options() =>
        new()
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            Epochs = 25,
            LearningRate = 0.02f,
        };

    private IDataView Rows() =>
        _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 36)
                .Select(i => new Tagged
                {
                    ImagePath = _folder.File($"photos/{Shape.Names[i % 3]}/{i}.png"),
                    Tags = [i % 3 == 0, i % 3 >= 1],
                    Level = new[] { "low", "middle", "high" }[i % 3],
                })
        );

    private sealed class Tagged
    {
        public string ImagePath { get; set; } = "";

        [VectorType(2)]
        public bool[] Tags { get; set; } = [];

        public string Level { get; set; } = "";
    }
}
