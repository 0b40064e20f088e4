using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Backbones;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The block of docs/several-inputs.md, on a task that no input tells alone.</summary>
public sealed class SeveralInputsDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(180);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Inputs_tell_more_together_than_alone()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        Part[] rows = Parts();
        var ml = new MLContext(seed: 1);

        IDataView parts = ml.Data.LoadFromEnumerable(rows); // Front and Side are paths, Weight a Single, Material and Note texts
        Backbone backbone = Backbone.FromFile(backboneFile);

        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.ExtractImageFeatures("FrontFeatures", "Front", backbone)) // two views, one backbone
            .Append(ml.Transforms.ExtractImageFeatures("SideFeatures", "Side", backbone))
            .Append(ml.Transforms.IndicateMissingValues("WeightIsMissing", "Weight"))
            .Append(ml.Transforms.Conversion.ConvertType("WeightIsMissing", outputKind: DataKind.Single))
            .Append(ml.Transforms.ReplaceMissingValues("Weight", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(ml.Transforms.Categorical.OneHotEncoding("MaterialFeatures", "Material"))
            .Append(ml.Transforms.Text.FeaturizeText("NoteFeatures", "Note"))
            .Append(ml.Transforms.NormalizeMeanVariance("Weight", fixZero: false))
            .Append(ml.Transforms.NormalizeMeanVariance("FrontFeatures", fixZero: false))
            .Append(ml.Transforms.NormalizeMeanVariance("SideFeatures", fixZero: false))
            .Append(
                ml.Transforms.Concatenate(
                    "Features",
                    "FrontFeatures",
                    "SideFeatures",
                    "Weight",
                    "WeightIsMissing",
                    "MaterialFeatures",
                    "NoteFeatures"
                )
            )
            .AppendCacheCheckpoint(ml) // backbones run once
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l2Regularization: 0.05f));
        ITransformer model = pipeline.Fit(parts);

        double together = Accuracy(model.Transform(parts));
        Assert.InRange(together, 0.9, 1);
        Assert.InRange(Accuracy(Alone("FrontFeatures")), 0.3, together - 0.15);
        Assert.InRange(Accuracy(Alone("Weight")), 0.3, together - 0.15);
        string file = Path.Combine(_folder.Path, "model.zip");
        ml.Model.Save(model, parts.Schema, file);
        Assert.Equal(
            model.Transform(parts).GetColumn<uint>("PredictedLabel"),
            new MLContext().Model.Load(file, out _).Transform(parts).GetColumn<uint>("PredictedLabel")
        );

        double Accuracy(IDataView scored) => ml.MulticlassClassification.Evaluate(scored).MicroAccuracy;

        IDataView Alone(string column)
        {
            IDataView all = model.Transform(parts);
            return ml
                .Transforms.SelectColumns("Label", column)
                .Append(ml.Transforms.Concatenate("Features", column))
                .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
                .Fit(all)
                .Transform(all);
        }
    }

    [Fact]
    public void A_missing_image_is_an_error_that_names_the_row()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        Part[] rows = Parts();
        rows[3].Front = "";
        var ml = new MLContext(seed: 1);
        IDataView parts = ml.Data.LoadFromEnumerable(rows);
        var features = ml.Transforms.ExtractImageFeatures("Features", "Front", Backbone.FromFile(backboneFile));
        Exception error = Assert.ThrowsAny<Exception>(() => features.Fit(parts).Transform(parts).GetColumn<float[]>("Features").Count());
        Assert.Contains("row 3", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Parts whose class is their color and whether they are heavy.</summary>
    private Part[] Parts() =>
        [
            .. _images.Rows.Select(
                (row, i) =>
                {
                    bool heavy = i / 3 % 2 == 0;
                    return new Part
                    {
                        Front = row.Image,
                        Side = _images.Rows[(i + 1) % _images.Rows.Length].Image,
                        Weight =
                            i % 17 == 0 ? float.NaN
                            : heavy ? 5 + i % 4
                            : 1 + i % 3,
                        Material = i % 5 == 0 ? "wood" : "steel",
                        Note = i % 17 == 0 && heavy ? "two men carry it" : "checked",
                        Label = $"{row.Label} {(heavy ? "heavy" : "light")}",
                    };
                }
            ),
        ];

    private sealed class Part
    {
        public string Front { get; set; } = "";

        public string Side { get; set; } = "";

        public float Weight { get; set; }

        public string Material { get; set; } = "";

        public string Note { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
