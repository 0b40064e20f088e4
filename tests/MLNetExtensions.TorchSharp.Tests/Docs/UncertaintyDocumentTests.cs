using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.TrainingContract.Trainers;
using MLNetExtensions.Uncertainty.Calibrating;
using MLNetExtensions.Uncertainty.Conformal;
using MLNetExtensions.Uncertainty.Outliers;
using MLNetExtensions.Uncertainty.Selective;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/uncertainty.md.</summary>
public sealed class UncertaintyDocumentTests : IDisposable
{
    private readonly ColorImages _images = new(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_on_classifiers_run()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        var ml = new MLContext(seed: 1);
        IDataView images = _images.Paths(ml),
            trainingSet = ml.Transforms.CopyColumns("ImagePath", "Image").Fit(images).Transform(images),
            calibrationSet = trainingSet,
            testSet = trainingSet;
        var options = new FineTuneOptions { Backbone = Backbone.FromFile(backboneFile), ImageColumnName = "ImagePath" };
        using FineTuneTransformer first = ml.MulticlassClassification.Trainers.FineTune(options).Fit(trainingSet);
        options.Seed = 2;
        using FineTuneTransformer second = ml.MulticlassClassification.Trainers.FineTune(options).Fit(trainingSet);
        FineTuneTransformer model = first;

        using ConformalSetTransformer sets = ml.MulticlassClassification.ConformalSets(coverage: 0.9).Fit(model.Transform(calibrationSet));

        IDataView answers = sets.Transform(model.Transform(testSet)); // adds PredictionSet, a Boolean for each class
        Console.WriteLine(ml.Vision().ReportSets(answers)); // coverage, sizes of sets, coverage of each class
        Assert.True(ml.Vision().ReportSets(answers).Coverage >= 0.9);

        using ProbabilityCalibrationTransformer calibrated = ml
            .MulticlassClassification.CalibrateProbabilities(method: CalibrationMethod.Vector)
            .Fit(model.Transform(calibrationSet));
        Console.WriteLine(ml.Vision().Report(calibrated.Transform(model.Transform(testSet))));

        RiskCoverageCurve curve = ml.Vision().ReportRiskCoverage(model.Transform(calibrationSet));
        Console.WriteLine(curve); // how often the surest 50 %, 70 %, ... are wrong
        double threshold = curve.AtRisk(0.01)?.Threshold ?? 1; // answer from here on, ask a person below
        Assert.InRange(threshold, 0, 1);

        using TransformerChain<OutlierTransformer> watch = ml
            .Transforms.ExtractImageFeatures("Features", "ImagePath", Backbone.FromFile(backboneFile))
            .Append(ml.AnomalyDetection.Trainers.Outliers())
            .Fit(trainingSet);
        IDataView watched = watch.Transform(testSet); // adds Score (distance) and PredictedLabel (is it an outlier?)
        Assert.True(watched.GetColumn<bool>("PredictedLabel").Count(alarm => alarm) < 20);

        OnnxGraph joined = ml.Vision().Ensemble([first.Model, second.Model]);
        using TrainedImageTransformer ensemble = first.WithModel(joined);
        float[][] one = [.. first.Transform(testSet).GetColumn<float[]>("Score")],
            other = [.. second.Transform(testSet).GetColumn<float[]>("Score")],
            mean = [.. ensemble.Transform(testSet).GetColumn<float[]>("Score")];
        Assert.Equal(
            one.Zip(other).SelectMany(pair => pair.First.Zip(pair.Second, (a, b) => (a + b) / 2)),
            mean.SelectMany(scores => scores),
            (a, b) => Math.Abs(a - b) < 1e-5f
        );
    }

    [Fact]
    public void The_block_on_numbers_runs()
    {
        var ml = new MLContext(seed: 1);
        IDataView scoredCalibrationRows = ml.Data.LoadFromEnumerable(
                Enumerable.Range(0, 50).Select(i => new Number { Label = i, Score = i + (i % 5) - 2 })
            ),
            scoredRows = scoredCalibrationRows;

        using ConformalIntervalTransformer intervals = ml.Regression.ConformalIntervals(coverage: 0.9).Fit(scoredCalibrationRows);
        IDataView withIntervals = intervals.Transform(scoredRows); // adds PredictionInterval: lower and upper end

        Assert.Equal([-4f, 0f], withIntervals.GetColumn<float[]>("PredictionInterval").First());
    }

    private sealed class Number
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }
}
