using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.ModelBuilder;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Kills;

/// <summary>The training of a project of Model Builder: its model, its generated code, and the trial in its configuration.</summary>
internal sealed class ModelBuilderKill : IKillKind
{
    public string Name => "builder";

    public string Work(KillPlace place)
    {
        string folder = Directory.CreateDirectory(place.At("project")).FullName,
            config = Path.Combine(folder, "Photos.mbconfig");
        if (!File.Exists(config))
        {
            // Another process may begin at the same time.
            string draft = Path.Combine(folder, $"draft{Environment.ProcessId}");
            File.WriteAllText(draft, Config(place.Photos));
            File.Move(draft, config, overwrite: true);
        }
        using ModelBuilderResult result = ModelBuilderProject.Open(config).Train(KillWork.Context(place));
        return KillWork.Hash(((TransformerChain<ITransformer>)result.Model).OfType<FineTuneTransformer>().Single().Model.ToBytes());
    }

    public void Read(KillPlace place)
    {
        string config = Path.Combine(place.At("project"), "Photos.mbconfig");
        if (!File.Exists(config))
            return;
        ModelBuilderProject project = ModelBuilderProject.Open(config);
        if (File.Exists(project.ModelPath))
            _ = KillWork.Context(place).Model.Load(project.ModelPath, out _);
        if (File.Exists(project.BackbonePath))
            _ = OnnxGraph.Load(project.BackbonePath);
        foreach (string code in new[] { project.ConsumptionPath, project.TrainingPath }.Where(File.Exists))
            if (!File.ReadAllText(code).TrimEnd().EndsWith('}'))
                throw new InvalidDataException($"'{code}' is cut short.");
        // A trial in the configuration is that of the files beside it.
        using var json = JsonDocument.Parse(File.ReadAllBytes(config));
        if (json.RootElement.TryGetProperty("RunHistory", out JsonElement history) && history.TryGetProperty("ModelFilePath", out _))
            foreach (string file in new[] { project.ModelPath, project.ConsumptionPath, project.TrainingPath, project.BackbonePath })
                if (!File.Exists(file))
                    throw new InvalidDataException($"The configuration has a trial, but there is no '{file}'.");
    }

    private static string Config(string photos) =>
        $$"""
            {
              "Scenario": "ImageClassification",
              "DataSource": { "Type": "Folder", "Version": 1, "FolderPath": {{JsonSerializer.Serialize(photos)}} },
              "Environment": { "Type": "LocalCPU", "Version": 1 },
              "Type": "TrainingConfig",
              "Version": 5,
              "TrainingOption": {
                "Version": 2,
                "Subsampling": false,
                "Type": "ClassificationTrainingOption",
                "TrainingTime": 600,
                "OptimizeMetric": "MicroAccuracy",
                "ValidationOption": { "Version": 0, "Type": "TrainValidateSplitValidationOption", "SplitRatio": 0.2 },
                "Seed": 1
              }
            }
            """;
}
