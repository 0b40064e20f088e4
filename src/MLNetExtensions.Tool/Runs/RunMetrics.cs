using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Runs;

/// <summary>What <c>metrics.json</c> says of a classifier.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="Accuracy">The fraction of images whose most probable class is right.</param>
/// <param name="BalancedAccuracy">The mean recall of the classes.</param>
/// <param name="Top5Accuracy">The fraction of images whose class is among the five most probable.</param>
/// <param name="MacroF1">The mean F1 of the classes.</param>
/// <param name="MacroAuc">The mean area under the classes' ROC curves; null where there is none.</param>
/// <param name="LogLoss">The mean of -ln(probability of the right class).</param>
/// <param name="CalibrationError">The expected calibration error, of 15 bins.</param>
/// <param name="Classes">The figures of each class.</param>
/// <param name="Confusion">The number of images of each class (rows) that were predicted as each class (columns).</param>
internal sealed record RunMetrics(
    long Images,
    double Accuracy,
    double BalancedAccuracy,
    double Top5Accuracy,
    double MacroF1,
    double? MacroAuc,
    double LogLoss,
    double CalibrationError,
    IReadOnlyList<RunClassMetrics> Classes,
    IReadOnlyList<IReadOnlyList<long>> Confusion
) : IRunMetrics
{
    string IRunMetrics.Headline =>
        $"Accuracy {Accuracy:P1} on {Images} images held out (mean of the classes {BalancedAccuracy:P1}, log-loss {LogLoss:F3})";

    IReadOnlyList<KeyValuePair<string, string>> IRunMetrics.Figures =>
        [
            new("accuracy", Accuracy.ToString("P1", CultureInfo.InvariantCulture)),
            new("mean of classes", BalancedAccuracy.ToString("P1", CultureInfo.InvariantCulture)),
            new("log-loss", LogLoss.ToString("F4", CultureInfo.InvariantCulture)),
            new("calibration error", CalibrationError.ToString("F4", CultureInfo.InvariantCulture)),
        ];

    IReadOnlyList<KeyValuePair<string, JsonNode?>> IRunMetrics.EndValues => [new("accuracy", Accuracy), new("logLoss", LogLoss)];

    public RunStatus AddTo(RunStatus status) => status with { TestAccuracy = Accuracy };

    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunMetrics);
}
