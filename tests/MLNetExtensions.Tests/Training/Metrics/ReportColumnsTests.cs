using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics;

public sealed class ReportColumnsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_report_agrees_with_ML_NETs_own_evaluator()
    {
        IDataView scored = Scored();
        ClassificationReport report = _ml.Vision().Report(scored);
        MulticlassClassificationMetrics expected = _ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: 2);
        Assert.Equal(90, report.Count);
        Assert.Equal(["z", "y", "x"], report.Classes.Select(c => c.Name));
        Assert.Equal(expected.MicroAccuracy, report.Accuracy, 1e-9);
        Assert.Equal(expected.MacroAccuracy, report.BalancedAccuracy, 1e-9);
        Assert.Equal(expected.LogLoss, report.LogLoss, 1e-5);
        Assert.Equal(expected.TopKAccuracy, report.TopKAccuracy(2), 1e-9);
        for (int actual = 0; actual < 3; actual++)
        for (int predicted = 0; predicted < 3; predicted++)
            Assert.Equal(expected.ConfusionMatrix.Counts[actual][predicted], report.Confusion[actual, predicted]);
        Assert.InRange(_ml.Vision().FitTemperature(scored).LogLossAfter, 0, report.LogLoss);
    }

    [Fact]
    public void Labels_mapped_in_another_order_are_an_error_not_a_bad_figure()
    {
        IDataView scored = Scored();
        IDataView reversed = _ml
            .Transforms.Conversion.MapKeyToValue("Name", "Label")
            .Append(
                _ml.Transforms.Conversion.MapValueToKey(
                    "Label",
                    "Name",
                    keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue
                )
            )
            .Fit(scored)
            .Transform(scored);
        Assert.Contains(
            "Class 0 is 'x' in label column 'Label', but 'z' in score column 'Score'",
            Assert.Throws<InvalidDataException>(() => _ml.Vision().Report(reversed)).Message
        );
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named()
    {
        IDataView scored = Scored();
        Assert.Contains(
            "Could not find column 'None'; the columns are",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Report(scored, "None")).Message
        );
        Assert.Contains(
            "'Features': expected Key (as MapValueToKey makes), got Vector<Single, 2>",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Report(scored, "Features")).Message
        );
        Assert.Contains(
            "'Label': expected Vector<Single> of known size",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Report(scored, "Label", "Label")).Message
        );
        Assert.Contains(
            "'Label' has 3 classes, score column 'Features' 2",
            Assert.Throws<InvalidDataException>(() => _ml.Vision().Report(scored, "Label", "Features")).Message
        );
        Assert.Contains(
            "'Label': expected Vector<Boolean, 3> or",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().ReportMultiLabel(scored)).Message
        );
        Assert.Contains(
            "expected Single, Double or Vector<Single, 1>",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().ReportRegression(scored)).Message
        );
    }

    [Fact]
    public void Rows_without_a_label_are_named()
    {
        IDataView train = _ml.Data.LoadFromEnumerable([new Named { Name = "x" }, new Named { Name = "y" }]);
        IDataView test = _ml.Data.LoadFromEnumerable([
            new Named { Name = "y", Score = [0.5f, 0.5f] },
            new Named { Name = "new", Score = [0.5f, 0.5f] },
        ]);
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(train).Transform(test);
        Assert.Contains("Row 1 has no label", Assert.Throws<InvalidDataException>(() => _ml.Vision().Report(mapped)).Message);
    }

    [Fact]
    public void Label_sets_and_numbers_are_read()
    {
        IDataView booleans = _ml.Data.LoadFromEnumerable([
            new LabelSets
            {
                Label = [true, false],
                Targets = [1, 0],
                Score = [0.9f, 0.6f],
            },
            new LabelSets
            {
                Label = [false, true],
                Targets = [0, 1],
                Score = [0.2f, 0.7f],
            },
        ]);
        MultiLabelReport report = _ml.Vision().ReportMultiLabel(booleans);
        Assert.Equal((0.5, 0.25), (report.SubsetAccuracy, report.HammingLoss));
        Assert.Equal(["0", "1"], report.Labels.Select(label => label.Name));
        Assert.Equal(0.25, _ml.Vision().ReportMultiLabel(booleans, "Targets").HammingLoss);
        Assert.Contains(
            "label column 'Score' holds 0.9",
            Assert.Throws<InvalidDataException>(() => _ml.Vision().ReportMultiLabel(booleans, "Score")).Message
        );

        IDataView numbers = _ml.Data.LoadFromEnumerable([
            new Numbers
            {
                Label = 1,
                Score = 1.5f,
                One = [3],
            },
            new Numbers
            {
                Label = 2,
                Score = 2.5f,
                One = [4],
            },
        ]);
        Assert.Equal(0.5, _ml.Vision().ReportRegression(numbers).MeanAbsoluteError);
        Assert.Equal(2, _ml.Vision().ReportRegression(numbers, "Label", "One").MeanAbsoluteError);
    }

    private IDataView Scored()
    {
        var random = new Random(3);
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 90)
                .Select(i => new Point
                {
                    Label = "zyx"[i % 3].ToString(),
                    Features = [(i % 3) + (float)(2 * random.NextDouble()), (float)random.NextDouble()],
                })
                .ToList()
        );
        return _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 5))
            .Fit(data)
            .Transform(data);
    }

    private sealed class Point
    {
        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class LabelSets
    {
        [VectorType(2)]
        public bool[] Label { get; set; } = [];

        [VectorType(2)]
        public float[] Targets { get; set; } = [];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Numbers
    {
        public double Label { get; set; }

        public float Score { get; set; }

        [VectorType(1)]
        public float[] One { get; set; } = [];
    }
}
