using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Tests.Data.Schema;

/// <summary>Whoever names a column that is not there is told which are.</summary>
public sealed class MissingColumnTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _view;

    public MissingColumnTests() => _view = _ml.Data.LoadFromEnumerable([new Row()]);

    public static TheoryData<string> Steps =>
        [
            "FineTune",
            "FineTune label",
            "TrainNetwork",
            "ExtractImageFeatures",
            "ScoreOnnx",
            "DecodeImages",
            "Augment",
            "Inspect",
            "Split",
            "Report",
            "AugmentToFiles",
        ];

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_columns_are_named(string step)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Run(step)).Message;

        Assert.Contains("column '", message, StringComparison.Ordinal);
        Assert.Contains("; the columns are 'Photo', 'Kind', 'PHOTOS'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_other_letters_is_proposed()
    {
        Assert.Contains(
            "Could not find input column 'photo'; the columns are 'Photo', 'Kind', 'PHOTOS'. Did you mean 'Photo'? Upper and lower case "
                + "differ.",
            MissingColumn.In(_view.Schema, "input", "photo").Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Could not find column 'x'; there are no columns.",
            MissingColumn.Among([], "", "x").Message,
            StringComparison.Ordinal
        );
    }

    private void Run(string step)
    {
        switch (step)
        {
            case "FineTune":
                _ml.MulticlassClassification.Trainers.FineTune(
                        new FineTuneOptions
                        {
                            Backbone = Backbone,
                            ImageColumnName = "Image",
                            LabelColumnName = "Kind",
                        }
                    )
                    .Fit(_view);
                break;
            case "FineTune label":
                _ml.MulticlassClassification.Trainers.FineTune(new FineTuneOptions { Backbone = Backbone, ImageColumnName = "Photo" })
                    .Fit(_view);
                break;
            case "TrainNetwork":
                _ml.MulticlassClassification.Trainers.TrainNetwork(new TrainNetworkOptions { Network = new ResNet9() }).Fit(_view);
                break;
            case "ExtractImageFeatures":
                _ml.Transforms.ExtractImageFeatures("Features", "Image", Backbone).Fit(_view);
                break;
            case "ScoreOnnx":
                _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = TinyClassifier.Network() }).Fit(_view);
                break;
            case "DecodeImages":
                _ml.Transforms.DecodeImages("Image").Fit(_view);
                break;
            case "Augment":
                _ml.Transforms.AugmentImages(new HorizontalFlip(), "Image").Fit(_view);
                break;
            case "Inspect":
                _ml.Vision().Inspect(_view);
                break;
            case "Split":
                _ml.Vision().Split(_view, new SplitOptions { GroupColumnName = "Patient" });
                break;
            case "Report":
                _ml.Vision().Report(_view);
                break;
            default:
                _ml.Vision().AugmentToFiles(_view, new HorizontalFlip(), Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));
                break;
        }
    }

    private static Backbone Backbone => Backbone.FromGraph(TinyClassifier.Network(), TinyClassifier.Preprocessing);

    private sealed class Row
    {
        public string Photo { get; set; } = "";

        public string Kind { get; set; } = "";

        public string PHOTOS { get; set; } = "";
    }
}
