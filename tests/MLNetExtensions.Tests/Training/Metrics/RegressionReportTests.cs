using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics;

public sealed class RegressionReportTests
{
    [Fact]
    public void Agrees_with_scikit_learn()
    {
        RegressionReport report = RegressionReport.Compute([2.5f, 0, 2, 8, -1.25f, 3.5f, 6], [3, -0.5f, 2, 7, -2, 3.5f, 9]);
        // scikit-learn 1.2.1 and NumPy on the same arrays.
        Assert.Equal(7, report.Count);
        Assert.Equal(0.8214285714285714, report.MeanAbsoluteError, 1e-12);
        Assert.Equal(0.5, report.MedianAbsoluteError);
        Assert.Equal(3, report.MaximumError);
        Assert.Equal(1.5803571428571428, report.MeanSquaredError, 1e-12);
        Assert.Equal(Math.Sqrt(1.5803571428571428), report.RootMeanSquaredError, 1e-12);
        Assert.Equal(0.8775691699604743, report.RSquared, 1e-12);
        Assert.Equal(0.8800395256916996, report.ExplainedVariance, 1e-12);
        Assert.Equal(0.9448643249043308, report.Correlation, 1e-12);
        Assert.Contains("R2:                                  0.8776\n", report.ToString());
    }

    [Fact]
    public void Constant_targets_have_a_defined_R2()
    {
        Assert.Equal(1, RegressionReport.Compute([5, 5], [5, 5]).RSquared);
        RegressionReport report = RegressionReport.Compute([4, 6], [5, 5]);
        Assert.Equal((0.0, 0.0), (report.RSquared, report.ExplainedVariance));
        Assert.True(double.IsNaN(report.Correlation));
        Assert.Equal(1, RegressionReport.Compute([4, 6, 9], [3, 5, 8]).ExplainedVariance, 1e-12); // an offset is forgiven
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => RegressionReport.Compute([], [])).Message);
        Assert.Contains(
            "1 predictions for 2 targets",
            Assert.Throws<ArgumentException>(() => RegressionReport.Compute([1], [1, 2])).Message
        );
        Assert.Contains(
            "Row 1 has the prediction NaN",
            Assert.Throws<ArgumentException>(() => RegressionReport.Compute([1, float.NaN], [1, 2])).Message
        );
    }
}
