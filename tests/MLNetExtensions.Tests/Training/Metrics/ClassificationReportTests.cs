using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics;

public sealed class ClassificationReportTests
{
    private static readonly string[] Names = ["ant", "bee", "cat", "dog", "elk", "longer name here"];

    [Fact]
    public void Agrees_with_scikit_learn()
    {
        using Npz golden = new(GoldenFiles.PathOf("metrics.npz"));
        ClassificationReport report = Golden(golden);
        (string Name, double Value)[] figures =
        [
            ("accuracy", report.Accuracy),
            ("top3", report.TopKAccuracy(3)),
            ("log_loss", report.LogLoss),
            ("auc_ovr_macro", report.MacroAuc),
            ("kappa", report.CohensKappa),
            ("mcc", report.MatthewsCorrelation),
            ("balanced_accuracy", report.BalancedAccuracy),
            ("precision_macro", report.Macro.Precision),
            ("precision_micro", report.Micro.Precision),
            ("precision_weighted", report.Weighted.Precision),
            ("recall_macro", report.Macro.Recall),
            ("recall_micro", report.Micro.Recall),
            ("recall_weighted", report.Weighted.Recall),
            ("f1_macro", report.Macro.F1),
            ("f1_micro", report.Micro.F1),
            ("f1_weighted", report.Weighted.F1),
            ("ece_15_bins", report.ExpectedCalibrationError),
        ];
        // The golden probabilities are doubles, a score column holds floats.
        Assert.All(figures, figure => Assert.Equal(golden.Doubles(figure.Name)[0], figure.Value, 1e-6));
        Assert.Equal(golden.Doubles("precision_per_class"), report.Classes.Select(c => c.Precision), Close);
        Assert.Equal(golden.Doubles("recall_per_class"), report.Classes.Select(c => c.Recall), Close);
        Assert.Equal(golden.Doubles("f1_per_class"), report.Classes.Select(c => c.F1), Close);
        Assert.Equal(golden.Integers("confusion"), Enumerable.Range(0, 36).Select(i => report.Confusion[i / 6, i % 6]));
        Assert.Equal(500, report.Count);
        Assert.Equal(figures.Length + 3 + 1 + 2, golden.Names.Count); // and probabilities and labels: nothing in the record is left out
    }

    [Fact]
    public void Agrees_with_scikit_learn_beyond_the_record()
    {
        using Npz golden = new(GoldenFiles.PathOf("metrics.npz"));
        ClassificationReport report = Golden(golden);
        // scikit-learn 1.2.1 on the same probabilities.
        Assert.Equal(0.8246010576982561, report.WeightedAuc, 1e-6);
        Assert.Equal(0.40061942811319906, report.Confusion.CohensKappa(KappaWeights.Linear), 1e-12);
        Assert.Equal(0.4176057970935887, report.Confusion.CohensKappa(KappaWeights.Quadratic), 1e-12);
        double[] averagePrecision =
        [
            0.507413311453594,
            0.6125115533884368,
            0.4583733063811274,
            0.569027091590586,
            0.5519166328333804,
            0.5204545093105999,
        ];
        Assert.Equal(averagePrecision, report.Classes.Select(c => c.AveragePrecision), Close);
    }

    [Fact]
    public void Prints_what_classification_report_prints_and_more()
    {
        using Npz golden = new(GoldenFiles.PathOf("metrics.npz"));
        string text = Golden(golden).ToString();
        Assert.StartsWith(
            """
                              precision    recall  f1-score   support

                         ant       0.48      0.46      0.47        84
                         bee       0.58      0.52      0.55        94
                         cat       0.40      0.52      0.45        64
                         dog       0.53      0.51      0.52        82
                         elk       0.45      0.48      0.47        89
            longer name here       0.55      0.48      0.51        87

                    accuracy                           0.50       500
                   macro avg       0.50      0.50      0.50       500
                weighted avg       0.50      0.50      0.50       500


            """,
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Top-3 accuracy:                      0.834\n", text);
        Assert.Contains("Calibration error (ECE, 15 bins):    0.03916\n", text);
        Assert.Contains("  actual             0   1   2   3   4   5  <- predicted\n0 ant               39", text);
    }

    [Fact]
    public void Ties_go_to_the_first_class_for_prediction_and_rank_alike()
    {
        ClassificationReport report = ClassificationReport.Compute([0.4f, 0.4f, 0.2f, 0.4f, 0.4f, 0.2f], [0, 1], ["a", "b", "c"]);
        Assert.Equal((0.5, 0.5, 1.0, 1.0), (report.Accuracy, report.TopKAccuracy(1), report.TopKAccuracy(2), report.TopKAccuracy(99)));
        Assert.Equal(0.5, report.Classes[0].Auc); // equal scores rank nothing
        Assert.Throws<ArgumentOutOfRangeException>(() => report.TopKAccuracy(0));
    }

    [Fact]
    public void Classes_without_rows_have_no_say()
    {
        // Class 1 is neither there nor predicted, class 2 is predicted only.
        ClassificationReport report = ClassificationReport.Compute([0.8f, 0.1f, 0.1f, 0.2f, 0.1f, 0.7f], [0, 0], ["a", "b", "c"]);
        Assert.Equal(new PrecisionRecallF1(0.5, 0.25, (2.0 / 3) / 2), report.Macro);
        Assert.Equal(new PrecisionRecallF1(1, 0.5, 2.0 / 3), report.Weighted);
        Assert.Equal(0.5, report.BalancedAccuracy);
        Assert.All(report.Classes, c => Assert.True(double.IsNaN(c.Auc)));
        Assert.True(double.IsNaN(report.MacroAuc));
        Assert.Equal(0, report.MatthewsCorrelation);
    }

    [Fact]
    public void The_last_rows_count_like_the_first()
    {
        float[] probabilities = [.. Enumerable.Range(0, 101).SelectMany(row => row < 100 ? new[] { 0.9f, 0.1f } : [0.2f, 0.8f])];
        int[] labels = new int[101];
        ClassificationReport report = ClassificationReport.Compute(probabilities, labels, ["a", "b"]);
        Assert.Equal(100.0 / 101, report.Accuracy, 1e-12);
        Assert.Equal(((100 * -Math.Log(0.9)) - Math.Log(0.2)) / 101, report.LogLoss, 1e-6);
    }

    [Fact]
    public void A_bin_of_the_reliability_diagram_holds_its_upper_end()
    {
        float[] probabilities = [1, 0, 0.55f, 0.45f, 0.62f, 0.38f];
        Calibration calibration = ClassificationReport.Compute(probabilities, [0, 1, 0], ["a", "b"]).Calibration;
        Assert.Equal(15, calibration.Bins.Count);
        Assert.Equal(3, calibration.Bins.Sum(bin => bin.Count));
        CalibrationBin last = calibration.Bins[14];
        Assert.Equal((1L, 1.0, 1.0), (last.Count, last.Confidence, last.Accuracy));
        Assert.Equal(0.62, calibration.Bins[9].Confidence, 1e-6);
        Assert.Equal((0.55 + 0.38 + 0) / 3, calibration.ExpectedError, 1e-6);
        Assert.Equal(0.55, calibration.MaximumError, 1e-6);
    }

    [Fact]
    public void A_certain_mistake_has_a_finite_loss()
    {
        ClassificationReport report = ClassificationReport.Compute([1, 0], [1], ["a", "b"]);
        Assert.Equal(-Math.Log(1.1920929e-7), report.LogLoss, 1e-7);
    }

    [Fact]
    public void What_is_no_probability_is_named()
    {
        Assert.Contains("no rows", Error([], []));
        Assert.Contains("2 rows of 2 classes need 4 values, got 3", Error([1, 0, 1], [0, 1]));
        Assert.Contains("Row 1 has the label 2; labels are 0 to 1", Error([1, 0, 1, 0], [0, 2]));
        Assert.Contains("Row 0 has the label -1", Error([1, 0], [-1]));
        Assert.Contains("Row 0 has the probability 3.5; probabilities are 0 to 1. For logits, take the softmax", Error([3.5f, -1], [0]));
        Assert.Contains("Row 0 has the probability NaN", Error([float.NaN, 1], [0]));
        Assert.Contains("row 1 add up to 1.5, not 1", Error([1, 0, 0.75f, 0.75f], [0, 0]));

        static string Error(float[] probabilities, int[] labels) =>
            Assert.Throws<ArgumentException>(() => ClassificationReport.Compute(probabilities, labels, ["a", "b"])).Message;
    }

    private static ClassificationReport Golden(Npz golden) =>
        ClassificationReport.Compute(golden.Singles("probabilities"), [.. golden.Integers("labels").Select(label => (int)label)], Names);

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;
}
