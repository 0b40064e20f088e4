using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Uncertainty.Calibrating;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Calibrating;

public sealed class ProbabilityCalibrationTests : IDisposable
{
    private const int Classes = 4;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose() => _reloaded.Dispose();

    [Theory]
    [InlineData(CalibrationMethod.Temperature, 300)]
    [InlineData(CalibrationMethod.Vector, 1000)]
    [InlineData(CalibrationMethod.Isotonic, 5000)]
    public void An_overconfident_model_is_calibrated_on_new_rows(CalibrationMethod method, int rows)
    {
        IDataView training = View(rows, seed: 1),
            test = View(4000, seed: 2);
        ClassificationReport before = _ml.Vision().Report(test);
        Assert.True(before.ExpectedCalibrationError > 0.1);

        using ProbabilityCalibrationTransformer transformer = _ml
            .MulticlassClassification.CalibrateProbabilities(method: method)
            .Fit(training);

        IDataView calibrated = transformer.Transform(test);
        ClassificationReport after = _ml.Vision().Report(calibrated);
        Assert.True(after.ExpectedCalibrationError < 0.04, $"{after.ExpectedCalibrationError}");
        Assert.True(after.LogLoss < before.LogLoss);
        Assert.InRange(after.Accuracy, before.Accuracy - 0.01, before.Accuracy + 0.01);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(calibrated);
        Assert.Equal(after.Accuracy, metrics.MicroAccuracy, 1e-6);

        IDataView reloaded = _reloaded.Of(_ml, transformer, test.Schema).Transform(test);
        Assert.Equal(
            calibrated.GetColumn<float[]>("Score").SelectMany(score => score),
            reloaded.GetColumn<float[]>("Score").SelectMany(score => score)
        );
        Assert.Equal(calibrated.GetColumn<uint>("PredictedLabel"), reloaded.GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void Vector_scaling_finds_the_factors_and_offsets_of_the_logits()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(20_000, Classes, seed: 1);
        // p^(1/w) exp(-b/w), renormalized, is what this model would have shown.
        float[] factors = [0.5f, 1, 1, 2],
            offsets = [0, 0.5f, -0.5f, 0];
        float[] shown = new float[scores.Length];
        for (int at = 0; at < shown.Length; at += Classes)
        {
            double sum = 0;
            for (int c = 0; c < Classes; c++)
                sum += shown[at + c] = MathF.Pow(scores[at + c], 1 / factors[c]) * MathF.Exp(-offsets[c] / factors[c]);
            for (int c = 0; c < Classes; c++)
                shown[at + c] = (float)(shown[at + c] / sum);
        }
        double before = LogLoss(shown, labels),
            ideal = LogLoss(scores, labels);

        VectorMap map = VectorMap.Fit(shown, labels, Classes);

        double[] logits = new double[Classes];
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            for (int c = 0; c < Classes; c++)
                logits[c] = (map.Factors[c] * Math.Log(shown[(row * Classes) + c])) + map.Offsets[c];
            loss += Math.Log(logits.Sum(Math.Exp)) - logits[labels[row]];
        }
        loss /= labels.Length;
        Assert.True(loss < ideal + (0.2 * (before - ideal)), $"{before:F4} became {loss:F4}, {ideal:F4} is the least");
    }

    [Fact]
    public void An_isotonic_curve_pools_neighbors_that_fall()
    {
        // scikit-learn: IsotonicRegression(out_of_bounds="clip").fit([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 1, 0]) predicts 0, .5, .5, 2/3, 2/3, 2/3.
        IsotonicCurve curve = IsotonicCurve.Fit([6, 1, 3, 2, 5, 4], [0, 0, 0, 1, 1, 1]);

        float[] expected = [0, 0.5f, 0.5f, 2 / 3f, 2 / 3f, 2 / 3f];
        for (int x = 1; x <= 6; x++)
            Assert.Equal(expected[x - 1], curve.At(x), 1e-6f);
        Assert.Equal(0.25f, curve.At(1.5f), 1e-6f);
        Assert.Equal(0, curve.At(-9));
        Assert.Equal(2 / 3f, curve.At(99), 1e-6f);
    }

    [Fact]
    public void Rows_of_one_input_are_one_point_of_the_curve() => Assert.Equal(0.5f, IsotonicCurve.Fit([1, 1, 1, 1], [0, 1, 1, 0]).At(1));

    [Fact]
    public void The_isotonic_graph_is_the_curves()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(800, Classes, seed: 1, temperature: 0.5);
        IDataView rows = ScoredRows.Of(_ml, scores, labels, Classes);
        using ProbabilityCalibrationTransformer transformer = _ml
            .MulticlassClassification.CalibrateProbabilities(method: CalibrationMethod.Isotonic)
            .Fit(rows);
        IsotonicMap map = IsotonicMap.Fit(scores, labels, Classes);
        float[] expected = new float[Classes];
        int row = 0;
        foreach (float[] calibrated in transformer.Transform(rows).GetColumn<float[]>("Score"))
        {
            map.Apply(scores.AsSpan(row++ * Classes, Classes), expected);
            for (int c = 0; c < Classes; c++)
                Assert.Equal(expected[c], calibrated[c], 1e-4f);
        }
        Assert.Equal(800, row);
    }

    private IDataView View(int rows, int seed)
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(rows, Classes, seed, temperature: 0.4);
        return ScoredRows.Of(_ml, scores, labels, Classes);
    }

    private static double LogLoss(float[] scores, int[] labels) =>
        -labels.Select((label, row) => Math.Log(Math.Max(1e-30, scores[(row * Classes) + label]))).Average();
}
