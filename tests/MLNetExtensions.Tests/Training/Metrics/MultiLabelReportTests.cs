using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics;

/// <summary>Expected values: scikit-learn 1.2.1 on the same arrays.</summary>
public sealed class MultiLabelReportTests
{
    private static readonly float[] Probabilities =
    [
        .9f,
        .2f,
        .4f,
        .1f,
        .6f,
        .6f,
        .3f,
        .2f,
        .1f,
        .8f,
        .7f,
        .05f,
        .4f,
        .3f,
        .5f,
        .9f,
        .2f,
        .1f,
        .1f,
        .3f,
        .55f,
        .7f,
        .2f,
        .6f,
        .3f,
        .45f,
        .95f,
        .1f,
        .8f,
        .35f,
        .5f,
        .4f,
        .05f,
        .9f,
        .6f,
        .7f,
        .7f,
        .5f,
        .15f,
        .25f,
    ];

    private static readonly bool[] Targets = [.. "1000110001100011000001000110100101100110".Select(digit => digit == '1')];

    [Fact]
    public void Agrees_with_scikit_learn()
    {
        MultiLabelReport report = MultiLabelReport.Compute(Probabilities, Targets, ["a", "b", "c", "d"]);
        Assert.Equal((10L, 0.5, 0.2), (report.Count, report.SubsetAccuracy, report.HammingLoss));
        Check(0.7222222222222222, 0.8125, 0.7647058823529411, report.Micro);
        Check(0.6833333333333335, 0.7833333333333334, 0.7147727272727272, report.Macro);
        Check(0.7791666666666667, 0.8125, 0.7815340909090909, report.Weighted);
        Check(0.7, 0.75, 0.6966666666666665, report.Samples);
        Check(1, 0.83333333, 0.90909091, report.Labels[1].Scores);
        Check(0.33333333, 0.5, 0.4, report.Labels[3].Scores);
        Assert.Equal([3L, 6, 5, 2], report.Labels.Select(label => label.Support));
        Assert.Equal([0.95238095, 1, 0.82, 0.875], report.Labels.Select(label => Math.Round(label.Auc, 8)));
        Assert.Equal([0.91666667, 1, 0.87111111, 0.75], report.Labels.Select(label => Math.Round(label.AveragePrecision, 8)));
        Assert.Equal(0.9118452380952382, report.MacroAuc, 1e-9);
        Assert.Equal(0.8844444444444444, report.MeanAveragePrecision, 1e-9);
        Assert.Equal(0.9166666666666666, report.RankingAveragePrecision, 1e-9);
        Assert.Equal(0.4390593019679636, report.LogLoss, 1e-6);

        static void Check(double precision, double recall, double f1, PrecisionRecallF1 actual) =>
            Assert.Equal(
                (Math.Round(precision, 8), Math.Round(recall, 8), Math.Round(f1, 8)),
                (Math.Round(actual.Precision, 8), Math.Round(actual.Recall, 8), Math.Round(actual.F1, 8))
            );
    }

    [Fact]
    public void The_threshold_is_a_setting()
    {
        MultiLabelReport report = MultiLabelReport.Compute([0.3f, 0.8f], [true, true], ["a", "b"], threshold: 0.3f);
        Assert.Equal(1, report.SubsetAccuracy);
        Assert.Equal(0, MultiLabelReport.Compute([0.3f, 0.8f], [true, true], ["a", "b"]).SubsetAccuracy);
    }

    [Fact]
    public void Labels_without_rows_have_no_areas()
    {
        MultiLabelReport report = MultiLabelReport.Compute([0.3f, 0.8f, 0.6f, 0.1f], [false, true, false, false], ["a", "b"]);
        Assert.True(double.IsNaN(report.Labels[0].Auc));
        Assert.True(double.IsNaN(report.Labels[0].AveragePrecision));
        Assert.Equal((1.0, 1.0), (report.MacroAuc, report.MeanAveragePrecision));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => MultiLabelReport.Compute([], [], ["a"])).Message);
        Assert.Contains("no classes", Assert.Throws<ArgumentException>(() => MultiLabelReport.Compute([], [], [])).Message);
        Assert.Contains(
            "need 4 values, got 3",
            Assert.Throws<ArgumentException>(() => MultiLabelReport.Compute([0, 0, 0], new bool[4], ["a", "b"])).Message
        );
        Assert.Contains(
            "Row 1 has the probability 7",
            Assert.Throws<ArgumentException>(() => MultiLabelReport.Compute([0, 7], new bool[2], ["a"])).Message
        );
    }

    [Fact]
    public void Prints_a_line_a_label()
    {
        string text = MultiLabelReport.Compute(Probabilities, Targets, ["a", "b", "c", "d"]).ToString();
        Assert.Contains("           b       1.00      0.83      0.91         6\n", text);
        Assert.Contains(" samples avg       0.70      0.75      0.70        16\n", text);
    }
}
