using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>
/// Writes a trial into a configuration, in the form of its version. Names of trainers and estimators are those of Model Builder, which
/// opens the file by them.
/// </summary>
internal static class TrialWriter
{
    private const string History = "RunHistory";

    /// <summary>The first version of RunHistory that keeps parameters in the trial.</summary>
    private const int Parameters = 2;

    /// <summary>The first version of RunHistory that names the model's file.</summary>
    private const int ModelFile = 3;

    /// <summary>Sets the trial, its metric and what describes its pipeline. Everything else stays.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="version">Its version.</param>
    /// <param name="trial">The run.</param>
    public static void Write(ConfigText text, int version, Trial trial)
    {
        using JsonDocument document = JsonDocument.Parse(
            text.Json.ToArray(),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        JsonElement? present = document.RootElement.Property(History);
        int form = present?.Whole("Version") ?? HistoryVersion(version);
        if (present is not { ValueKind: JsonValueKind.Object })
            text.Set([History], NewHistory(version, form), after: "Environment");
        text.Set([History, "Trials"], new JsonArray(TrialOf(version, form, trial)), after: "Type");
        if (form >= Parameters)
        {
            text.Set([History, "Estimators"], Estimators(), after: "Trials");
            text.Set([History, "Schema"], "e0 * e1 * e2", after: "Estimators");
        }
        else if (present?.Property("Pipeline") is null)
            text.Set([History, "Pipeline"], form == 0 ? PipelineText().ToJsonString() : Pipeline(), after: "Trials");
        text.Set([History, "MetricName"], trial.Metric.ToString(), after: form >= Parameters ? "Schema" : "Pipeline");
        if (form >= ModelFile)
            text.Set([History, "ModelFilePath"], trial.ModelPath, after: "MetricName");
    }

    private static int HistoryVersion(int version) =>
        version switch
        {
            <= 1 => 0,
            2 => 1,
            3 => 2,
            _ => 3,
        };

    private static JsonObject NewHistory(int version, int form) =>
        version == 0 ? [] : new JsonObject { ["Version"] = form, ["Type"] = "Result" };

    private static JsonObject TrialOf(int version, int form, Trial trial)
    {
        var json = new JsonObject();
        if (version > 0)
            (json["Version"], json["Type"]) = (form >= Parameters ? 1 : 0, "Trial");
        json["TrainerName"] = form switch
        {
            0 => "ImageClassification",
            1 => "DNN + ResNet50",
            _ => "ImageClassificationMulti",
        };
        json["Score"] = trial.Score;
        json["RuntimeInSeconds"] = trial.RuntimeInSeconds;
        if (form >= Parameters)
            json["Parameter"] = new JsonObject
            {
                ["_SCHEMA_"] = "e0 * e1 * e2",
                ["e0"] = form >= ModelFile ? ToKey() : Columns("Label"),
                ["e1"] = form >= ModelFile ? Trained(trial) : Trainer(),
                ["e2"] = Columns("PredictedLabel"),
            };
        return json;
    }

    private static JsonObject Estimators() =>
        new()
        {
            ["e0"] = "MapValueToKey",
            ["e1"] = "ImageClassificationMulti",
            ["e2"] = "MapKeyToValue",
        };

    private static JsonObject Pipeline() =>
        new()
        {
            ["parameter"] = new JsonObject
            {
                ["0"] = Columns("Label"),
                ["1"] = Trainer(),
                ["2"] = Columns("PredictedLabel"),
            },
            ["estimators"] = new JsonArray("MapValueToKey", "ImageClassificationMulti", "MapKeyToValue"),
        };

    /// <summary>The pipeline of versions 0 and 1, which is JSON in a text.</summary>
    private static JsonArray PipelineText() =>
        new(
            Step("MapValueToKey", "Label", "Label"),
            Step("LoadRawImageBytes", "ImageSource", "ImageSource_featurized"),
            Step("CopyColumns", "ImageSource_featurized", "Features"),
            Step("ImageClassificationMulti", "Features", "Score"),
            Step("MapKeyToValue", "PredictedLabel", "PredictedLabel")
        );

    private static JsonObject Step(string type, string input, string output) =>
        new()
        {
            ["EstimatorType"] = type,
            ["Inputs"] = new JsonArray(input),
            ["Outputs"] = new JsonArray(output),
        };

    private static JsonObject ToKey()
    {
        JsonObject columns = Columns("Label");
        columns["AddKeyValueAnnotationsAsText"] = false;
        return columns;
    }

    private static JsonObject Columns(string name) => new() { ["OutputColumnName"] = name, ["InputColumnName"] = name };

    private static JsonObject Trainer() =>
        new()
        {
            ["LabelColumnName"] = "Label",
            ["ScoreColumnName"] = "Score",
            ["FeatureColumnName"] = "ImageSource",
        };

    /// <summary>With what was used. There is no Arch: Model Builder knows four, and it was none of them.</summary>
    private static JsonObject Trained(Trial trial)
    {
        JsonObject trainer = Trainer();
        (trainer["BatchSize"], trainer["Epoch"]) = (trial.BatchSize, trial.Epochs);
        return trainer;
    }
}
