using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Tool.Backbones;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Predicting;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>The files: backbones, runs, a model.</summary>
internal static class FileChecks
{
    public static IEnumerable<Finding> Backbones()
    {
        IReadOnlyList<BackboneFile> files = BackboneStore.AtHand();
        foreach (BackboneFile file in files.Where(file => file.Problem is not null))
            yield return Finding.Fault(
                "backbones",
                $"'{file.Path}' is not the backbone {file.Name}: {file.Problem}",
                $"Delete it; 'mlnetx backbones get {file.Name}' fetches it again."
            );
        BackboneFile[] sound = [.. files.Where(file => file.Problem is null)];
        if (sound.Length == 0)
            yield return Finding.Fault(
                "backbones",
                $"none at hand in {string.Join(", ", BackboneFolders.All)}",
                "Fetch one: 'mlnetx backbones list' shows them, 'mlnetx backbones get NAME' fetches one."
            );
        else if (sound.All(file => file.Entry is { } entry && BackboneRanking.IsForSmallImages(entry.Preprocessing)))
            yield return Finding.Warning(
                "backbones",
                $"{string.Join(", ", sound.Select(file => file.Name))}: for small images alone",
                "For photos, fetch one that was trained on photos: 'mlnetx backbones list', 'mlnetx backbones get NAME'."
            );
        else
            yield return Finding.Ok("backbones", $"{sound.Length} at hand, the best {sound[0].Name}");
    }

    public static IEnumerable<Finding> Runs(string folder)
    {
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            if (!File.Exists(Path.Combine(path, "config.yaml")))
                continue;
            var run = new RunFolder(path);
            if (Problem(run) is { } problem)
                yield return Finding.Fault(
                    "runs",
                    $"{run.Name}: {problem}",
                    $"Go on with it if it has checkpoints ('mlnetx train --resume {run.Name}'), or delete '{run.Path}'."
                );
        }
    }

    public static Finding Model(NamedModel model)
    {
        try
        {
            using IDisposable opened =
                model.Task == VisionTask.Classify
                    ? Predictor.Open(model.File, threads: 1)
                    : SavedPipeline.Open(new MLContext(), model.File);
            return Finding.Ok("model", $"{model.File} can be used");
        }
        catch (Exception error) when (error is UsageException or IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(
                "model",
                FailureText.OneLine(error.Message),
                "Export it again from its run ('mlnetx export --model RUN'), and copy it as a binary file, whole."
            );
        }
    }

    private static string? Problem(RunFolder run)
    {
        try
        {
            RunStatus status = run.ReadStatus();
            return status.State == RunState.Completed && !File.Exists(run.OnnxModel) ? "it is completed, but its model is gone" : null;
        }
        catch (UsageException error)
        {
            return FailureText.OneLine(error.Message);
        }
    }
}
