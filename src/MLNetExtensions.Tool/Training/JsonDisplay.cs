using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>A JSON object a line, for machines: begin, progress (once a second), epoch, warning, end.</summary>
internal sealed class JsonDisplay(Terminal terminal) : ITrainingDisplay
{
    private TrainingPhase? _phase;
    private long _written;

    public void Run(Action body) => body();

    public void Begin(IReadOnlyDictionary<string, string> facts) =>
        Write("begin", [.. facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value))]);

    public void Update(TrainingMoment moment)
    {
        if (_phase == moment.Phase && Stopwatch.GetElapsedTime(_written) < TimeSpan.FromSeconds(1))
            return;
        (_phase, _written) = (moment.Phase, Stopwatch.GetTimestamp());
        Write(
            "progress",
            new("phase", moment.PhaseText),
            new("epoch", moment.Epoch),
            new("epochs", moment.Epochs),
            new("done", moment.Done),
            new("total", moment.Total),
            new("loss", moment.Loss),
            new("imagesPerSecond", Math.Round(moment.ImagesPerSecond, 1)),
            new("secondsLeft", moment.Left is { } left ? Math.Round(left.TotalSeconds, 1) : null)
        );
    }

    public void EpochEnded(EpochResult epoch, int epochs, bool isBest) =>
        Write(
            "epoch",
            new("phase", epoch.Phase == TrainingPhase.Head ? "head" : "layers"),
            new("epoch", epoch.Epoch),
            new("epochs", epochs),
            new("trainLoss", epoch.TrainLoss),
            new("validationLoss", epoch.ValidationLoss),
            new("validationAccuracy", epoch.ValidationAccuracy),
            new("validationMeanAveragePrecision50", epoch.ValidationMeanAveragePrecision50),
            new("validationMeanIoU", epoch.ValidationMeanIoU),
            new("isBest", isBest)
        );

    public void Warn(string message) => Write("warning", new KeyValuePair<string, JsonNode?>("message", message));

    public void End(TrainingOutcome outcome) =>
        Write(
            "end",
            [
                new("folder", outcome.Run.Path),
                new("status", JsonSerializer.SerializeToNode(outcome.Status, RunJson.Default.RunStatus)),
                .. outcome.Metrics?.EndValues ?? [],
            ]
        );

    private void Write(string kind, params KeyValuePair<string, JsonNode?>[] values) =>
        terminal.Out.WriteLine(new JsonObject([new("event", kind), .. values]).ToJsonString());
}
