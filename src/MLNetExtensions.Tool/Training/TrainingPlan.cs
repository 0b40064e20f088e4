using MLNetExtensions.Tool.Backbones;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Training;

/// <summary>A run as it was asked for, with every setting that it will have.</summary>
/// <param name="Values">The settings; the content of config.yaml.</param>
/// <param name="Resumed">The run that it goes on with; null for a new one.</param>
internal sealed record TrainingPlan(SettingValues Values, RunFolder? Resumed)
{
    private static readonly string[] Paths =
    [
        TrainSettings.Data,
        TrainSettings.ValidationData,
        TrainSettings.TestData,
        TrainSettings.Runs,
        TrainSettings.ImageFolder,
        TrainSettings.MaskFolder,
    ];

    /// <summary>Puts flags over a file's settings over defaults, and finds what they name.</summary>
    /// <exception cref="UsageException">Something is missing, wrong, or not there.</exception>
    public static TrainingPlan Of(TrainRequest request)
    {
        var values = new SettingValues(TrainSettings.All);
        RunFolder? resumed = request.Resumes ? Resumable(request.Flags.Text(TrainSettings.Runs) ?? "runs", request.ResumedRun) : null;
        if (resumed is not null && request.ConfigFile is not null)
            throw new UsageException("--resume goes on with the settings of the run; leave --config away.");
        if (resumed is not null)
            values.Take(ConfigFile.Read(resumed.Config, TrainSettings.All));
        else if (request.ConfigFile is not null)
            values.Take(ConfigFile.Read(request.ConfigFile, TrainSettings.All));
        values.Take(request.Flags);
        if (request.Data is not null)
            values.Set(TrainSettings.Data, request.Data, "the folder");
        if (values.Text(TrainSettings.Data) is null)
            throw new UsageException("train needs images: mlnetx train FOLDER, where FOLDER has a sub-folder of images for each class.");
        CheckTask(values);

        foreach (string path in Paths)
            if (values.Text(path) is { } text)
                values.Set(path, Path.GetFullPath(text), values.Origin(path));
        values.Default(TrainSettings.Seed, TrainSettings.DefaultSeed);
        BackboneFile backbone = values.Text(TrainSettings.Backbone) is { } name
            ? BackboneStore.Find(name, values.Origin(TrainSettings.Backbone))
            : BackboneStore.Best();
        values.Set(TrainSettings.Backbone, backbone.Path, values.Origin(TrainSettings.Backbone));
        return new TrainingPlan(values, resumed);
    }

    private static void CheckTask(SettingValues values)
    {
        foreach ((Setting setting, _) in values.Given)
            if (!setting.Tasks.Contains(values.Task))
                throw new UsageException(
                    $"{values.Origin(setting.Name)} is of no use here: it is for --task {VisionTasks.Text(setting.Tasks).Replace(", ", " or ")}, "
                        + $"and the task is {VisionTasks.WordOf(values.Task)}."
                );
    }

    private static RunFolder Resumable(string runs, string? name)
    {
        if (name is not null)
            return RunFolder.Find(runs, name);
        return RunFolder
                .List(runs)
                .LastOrDefault(run => run.ReadStatus().State is RunState.BrokenOff or RunState.Canceled or RunState.Failed)
            ?? throw new UsageException(
                $"No run in '{Path.GetFullPath(runs)}' was cut short. 'mlnetx runs list' shows them; --resume RUN goes on with any."
            );
    }
}
