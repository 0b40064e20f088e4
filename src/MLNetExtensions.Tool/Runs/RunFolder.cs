using System.Text.Json;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Runs;

/// <summary>The folder of a run, <c>runs/train3</c>, and the files in it.</summary>
/// <param name="path">The folder's full path.</param>
internal sealed class RunFolder(string path)
{
    private const string StatusName = "status.json",
        LockName = ".lock";

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    public string Config => At("config.yaml");

    public string Log => At("log.txt");

    public string Epochs => At("epochs.csv");

    public string Status => At(StatusName);

    public string Metrics => At("metrics.json");

    public string TensorBoard => At("tensorboard");

    public string Checkpoints => At("checkpoints");

    /// <summary>The list of the images that were held out, for evaluate and report.</summary>
    public string TestList => At("test.csv");

    public string Model => At("model.zip");

    public string OnnxModel => At("model.onnx");

    public string Report => At("report.html");

    /// <summary>Makes a folder of its own for a run: the name with the first free number.</summary>
    /// <param name="runs">The folder of runs; created if missing.</param>
    /// <param name="name">The beginning of its name.</param>
    /// <param name="config">The content of its config.yaml.</param>
    public static RunFolder Create(string runs, string name, string config)
    {
        runs = System.IO.Path.GetFullPath(runs);
        Directory.CreateDirectory(runs);
        // A folder that has a file is not replaced by a rename, so that of two processes only one gets a name.
        using TemporaryFolder draft = TemporaryFolder.In(runs);
        File.WriteAllText(System.IO.Path.Combine(draft.Path, "config.yaml"), config);
        for (int number = 1; ; number++)
        {
            string path = System.IO.Path.Combine(runs, $"{name}{number}");
            if (System.IO.Path.Exists(path))
                continue;
            try
            {
                draft.MoveTo(path);
                return new RunFolder(path);
            }
            catch (IOException) when (System.IO.Path.Exists(path))
            {
                // Another process was faster.
            }
        }
    }

    /// <summary>The runs of a folder, in the order of their start.</summary>
    public static IReadOnlyList<RunFolder> List(string runs) =>
        Directory.Exists(runs)
            ?
            [
                .. new DirectoryInfo(runs)
                    .EnumerateDirectories()
                    .Where(folder => File.Exists(System.IO.Path.Combine(folder.FullName, StatusName)))
                    .Select(folder => new RunFolder(folder.FullName))
                    .OrderBy(run => run.ReadStatus().Started),
            ]
            : [];

    /// <summary>The run that a user names.</summary>
    /// <param name="runs">The folder of runs.</param>
    /// <param name="name">A run's folder, or its name in the folder of runs; null for the newest.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static RunFolder Find(string runs, string? name)
    {
        if (name is null)
            return List(runs).LastOrDefault()
                ?? throw new UsageException($"There is no run in '{System.IO.Path.GetFullPath(runs)}'. 'mlnetx train FOLDER' makes one.");
        foreach (string path in new[] { name, System.IO.Path.Combine(runs, name) })
            if (File.Exists(System.IO.Path.Combine(path, "config.yaml")))
                return new RunFolder(System.IO.Path.GetFullPath(path));
        throw new UsageException(
            $"'{name}' is no run: there is no config.yaml in '{System.IO.Path.GetFullPath(name)}'. Runs in "
                + $"'{System.IO.Path.GetFullPath(runs)}': {(List(runs) is { Count: > 0 } list ? string.Join(", ", list.Select(r => r.Name)) : "none")}."
        );
    }

    /// <summary>Keeps other processes from writing to the run, until it is disposed.</summary>
    /// <exception cref="UsageException">Another process is running it.</exception>
    public IDisposable Lock()
    {
        try
        {
            return OpenLock();
        }
        catch (IOException error) when (FileInUse.Is(error))
        {
            throw new UsageException($"'{Path}' is in use by a run that has not ended.", error);
        }
    }

    /// <summary>The settings that the run was made with.</summary>
    /// <exception cref="UsageException">Its config.yaml is damaged.</exception>
    public SettingValues ReadSettings() => ConfigFile.Read(Config, TrainSettings.All);

    /// <summary>The figures of the run's model; null without any.</summary>
    public IRunMetrics? ReadMetrics()
    {
        if (!File.Exists(Metrics))
            return null;
        string json = File.ReadAllText(Metrics);
        return ReadSettings().Task switch
        {
            VisionTask.Detect => JsonSerializer.Deserialize(json, RunJson.Default.RunDetectionMetrics),
            VisionTask.Segment => JsonSerializer.Deserialize(json, RunJson.Default.RunSegmentationMetrics),
            _ => JsonSerializer.Deserialize(json, RunJson.Default.RunMetrics),
        };
    }

    /// <summary>What the run's status says; a run whose process is gone is broken off.</summary>
    /// <exception cref="UsageException">The file is damaged.</exception>
    public RunStatus ReadStatus()
    {
        RunStatus status = Read();
        return status.State == RunState.Running && !IsLocked() ? status with { State = RunState.BrokenOff } : status;
    }

    /// <summary>Replaces the status, such that readers find the old or the new one.</summary>
    public void Write(RunStatus status) => TemporaryFile.Write(Status, JsonSerializer.Serialize(status, RunJson.Default.RunStatus) + "\n");

    private RunStatus Read()
    {
        try
        {
            return File.Exists(Status)
                ? JsonSerializer.Deserialize(File.ReadAllText(Status), RunJson.Default.RunStatus)!
                : new RunStatus { State = RunState.BrokenOff };
        }
        catch (JsonException error)
        {
            throw new UsageException($"'{Status}' is damaged: {error.Message}", error);
        }
    }

    private bool IsLocked()
    {
        try
        {
            if (!File.Exists(At(LockName)))
                return false;
            using IDisposable free = OpenLock();
            return false;
        }
        catch (IOException error) when (FileInUse.Is(error))
        {
            return true;
        }
    }

    private FileStream OpenLock() => new(At(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
