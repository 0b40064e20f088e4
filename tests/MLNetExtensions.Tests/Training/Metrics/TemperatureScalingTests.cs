using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics;

public sealed class TemperatureScalingTests
{
    [Fact]
    public void Finds_the_temperature_of_the_smallest_log_loss()
    {
        using Npz golden = new(GoldenFiles.PathOf("metrics.npz"));
        int[] labels = [.. golden.Integers("labels").Select(label => (int)label)];
        float[] probabilities = golden.Singles("probabilities");
        TemperatureScaling fitted = TemperatureScaling.FitProbabilities(probabilities, labels, 6);
        // A golden-section search over T in NumPy gave these.
        Assert.Equal(0.8670678889124974, fitted.Temperature, 1e-5);
        Assert.Equal(1.3078192074856987, fitted.LogLossBefore, 1e-6);
        Assert.Equal(1.301717069020151, fitted.LogLossAfter, 1e-6);

        fitted.ApplyToProbabilities(probabilities, probabilities, 6);
        ClassificationReport after = ClassificationReport.Compute(probabilities, labels, ["0", "1", "2", "3", "4", "5"]);
        Assert.Equal(fitted.LogLossAfter, after.LogLoss, 1e-5);
        Assert.Equal(golden.Doubles("accuracy")[0], after.Accuracy, 1e-12); // no prediction changed
    }

    [Fact]
    public void Undoes_overconfidence()
    {
        // Labels drawn from softmax(z), logits reported three times as large: T is 3.
        var random = new Random(7);
        const int Rows = 20_000,
            Classes = 4;
        float[] logits = new float[Rows * Classes];
        int[] labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double[] weights = new double[Classes];
            for (int c = 0; c < Classes; c++)
            {
                double z = (random.NextDouble() * 6) - 3;
                weights[c] = Math.Exp(z);
                logits[(row * Classes) + c] = (float)(3 * z);
            }
            double draw = random.NextDouble() * weights.Sum();
            while (labels[row] < Classes - 1 && (draw -= weights[labels[row]]) > 0)
                labels[row]++;
        }
        TemperatureScaling fitted = TemperatureScaling.Fit(logits, labels, Classes);
        Assert.InRange(fitted.Temperature, 2.85, 3.15);
        float[] before = new float[logits.Length],
            after = new float[logits.Length];
        new TemperatureScaling(1).Apply(logits, before, Classes);
        fitted.Apply(logits, after, Classes);
        string[] names = ["0", "1", "2", "3"];
        Assert.InRange(ClassificationReport.Compute(before, labels, names).ExpectedCalibrationError, 0.15, 1);
        Assert.InRange(ClassificationReport.Compute(after, labels, names).ExpectedCalibrationError, 0, 0.015);
    }

    [Fact]
    public void Rows_that_are_all_right_or_all_wrong_give_the_ends_of_the_range()
    {
        // Below this the loss of the right rows is 0 to the last digit.
        Assert.InRange(TemperatureScaling.Fit([2, 0, 0, 2], [0, 1], 2).Temperature, TemperatureScaling.MinimumTemperature, 0.05);
        Assert.Equal(TemperatureScaling.MaximumTemperature, TemperatureScaling.Fit([2, 0, 0, 2], [1, 0], 2).Temperature, 1e-2);
        Assert.True(double.IsFinite(TemperatureScaling.Fit([9, 9], [1], 2).Temperature)); // equal logits: any will do
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        float[] probabilities = new float[2];
        new TemperatureScaling(2).Apply([5000, 4998], probabilities, 2);
        Assert.Equal(1 / (1 + Math.Exp(-1)), probabilities[0], 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureScaling(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureScaling(double.NaN));
        Assert.Contains(
            "logit Infinity",
            Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([float.PositiveInfinity, 0], [0], 2)).Message
        );
        Assert.Contains("need 4 logits, got 2", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([1, 0], [0, 1], 2)).Message);
        Assert.Contains("Row 0 has the label 2", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([1, 0], [2], 2)).Message);
    }

    [Fact]
    public void A_graph_with_a_temperature_gives_what_Apply_gives()
    {
        OnnxGraph classifier = new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3)],
            Outputs = [OnnxValue.Create("p", OnnxElementType.Float, -1, 3)],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["temperature.inverse"] = OnnxTensor.FromFloats("temperature.inverse", [3], [1, 2, 3]),
            },
            Nodes =
            [
                OnnxNode.Create("Add", ["x", "temperature.inverse"], ["logits"]), // a name that is taken
                OnnxNode.Create("Softmax", ["logits"], ["p"], OnnxAttribute.Of("axis", 1L)),
            ],
        };
        var scaling = new TemperatureScaling(2.5);
        OnnxRuntimeRun.Floats actual = OnnxRuntimeRun.Run(
            scaling.Apply(classifier),
            new OnnxRuntimeRun.Floats([2, 3], [0, 1, 2, 5, -1, 0])
        );
        float[] expected = new float[6];
        scaling.Apply([1, 3, 5, 6, 1, 3], expected, 3);
        Assert.All(expected.Zip(actual.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

        OnnxGraph logits = classifier with
        {
            Nodes = [classifier.Nodes[0]],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
        };
        Assert.Contains("has 0 outputs that a Softmax makes", Assert.Throws<ArgumentException>(() => scaling.Apply(logits)).Message);
    }
}
