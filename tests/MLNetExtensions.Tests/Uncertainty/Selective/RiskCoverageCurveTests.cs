using Microsoft.ML;
using MLNetExtensions.Uncertainty.Selective;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Selective;

public class RiskCoverageCurveTests
{
    [Fact]
    public void The_area_is_the_mean_risk_over_all_coverages()
    {
        RiskCoverageCurve curve = RiskCoverageCurve.Compute([0.9f, 0.8f, 0.7f, 0.6f], [true, false, true, false]);

        Assert.Equal([0, 0.5, 1 / 3.0, 0.5], curve.Points.Select(point => point.Risk));
        Assert.Equal([0.25, 0.5, 0.75, 1], curve.Points.Select(point => point.Coverage));
        Assert.Equal((0 + 0.5 + (1 / 3.0) + 0.5) / 4, curve.Area, 1e-12);
        // The best order has both mistakes last: risks 0, 0, 1/3, 1/2.
        Assert.Equal(0.5 / 4, curve.ExcessArea, 1e-12);
    }

    [Fact]
    public void The_best_order_has_no_excess() =>
        Assert.Equal(0, RiskCoverageCurve.Compute([4, 3, 2, 1], [true, true, false, false]).ExcessArea, 1e-12);

    [Fact]
    public void Equal_confidences_are_one_point_and_their_order_does_not_matter()
    {
        RiskCoverageCurve first = RiskCoverageCurve.Compute([0.5f, 0.5f, 0.5f], [true, false, true]),
            second = RiskCoverageCurve.Compute([0.5f, 0.5f, 0.5f], [false, true, true]);
        Assert.Single(first.Points);
        Assert.Equal(1 / 3.0, first.Area, 1e-12);
        Assert.Equal(first.Area, second.Area);
    }

    [Fact]
    public void Points_are_found_by_risk_and_by_coverage()
    {
        RiskCoverageCurve curve = RiskCoverageCurve.Compute([0.9f, 0.8f, 0.7f, 0.6f, 0.5f], [true, true, true, false, true]);
        Assert.Equal(0.7f, curve.AtRisk(0.1)!.Threshold);
        Assert.Equal(0.6, curve.AtRisk(0.1)!.Coverage, 1e-12);
        Assert.Null(RiskCoverageCurve.Compute([1], [false]).AtRisk(0.5));
        Assert.Equal(0.8, curve.AtCoverage(0.7).Coverage, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => curve.AtCoverage(0));
        Assert.Contains("100.0% answered", curve.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Confidences_that_are_no_numbers_are_refused() =>
        Assert.Contains(
            "The confidence of row 1 is not a number",
            Assert.Throws<ArgumentException>(() => RiskCoverageCurve.Compute([1, float.NaN], [true, true])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_calibrated_model_is_wrong_less_often_where_it_is_sure()
    {
        var ml = new MLContext(seed: 1);
        (float[] scores, int[] labels) = ScoredRows.Draw(5000, 4, seed: 1);
        RiskCoverageCurve curve = ml.Vision().ReportRiskCoverage(ScoredRows.Of(ml, scores, labels, 4));
        Assert.True(curve.AtCoverage(0.5).Risk < 0.5 * curve.AtCoverage(1).Risk);
        Assert.Equal(5000, curve.Count);
    }
}
