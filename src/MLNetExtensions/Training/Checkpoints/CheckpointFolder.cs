using System.Text.RegularExpressions;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>The checkpoints of a folder, and the one that a run goes on from.</summary>
internal static partial class CheckpointFolder
{
    /// <summary>The end of a checkpoint's file name.</summary>
    public const string Extension = ".ckpt";

    /// <summary>The name of the checkpoint of a step, which sorts by the order of training.</summary>
    public static string NameOf(TrainingPhase phase, int step) => $"{(int)phase}-{phase}-step{step:D8}{Extension}".ToLowerInvariant();

    /// <summary>
    /// The checkpoints in a folder, the furthest of training first: by the position in them, since the times of files are those of many
    /// clocks and copies, then by name. Those that tell none come first, so that a damaged one is reported, not passed over.
    /// </summary>
    public static IReadOnlyList<string> List(string folder) => [.. Entries(folder).Select(entry => entry.Path)];

    /// <summary>
    /// The checkpoints beside a file that are of the same run, the furthest first: they are named by <see cref="NameOf"/>, and have the same
    /// settings in them. Others, of whatever program or run, are none of them.
    /// </summary>
    public static IReadOnlyList<string> OfSameRun(string path) =>
        CheckpointFile.ReadManifest(path)?.Settings is { } settings
            ?
            [
                .. Entries(Path.GetDirectoryName(path)!)
                    .Where(entry => Name().IsMatch(Path.GetFileName(entry.Path)) && IsOf(entry.Manifest, settings) == true)
                    .Select(entry => entry.Path),
            ]
            : [];

    /// <summary>Reads the checkpoint that a run with these settings goes on from.</summary>
    /// <param name="source">A file, or a folder whose newest checkpoint is used.</param>
    /// <param name="settings">The settings that the checkpoint must match.</param>
    /// <param name="orPrevious">True if older ones may serve where the newest cannot.</param>
    /// <param name="skipped">Told why a checkpoint was skipped.</param>
    /// <returns>Null if the folder holds none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be used, or none of them can.</exception>
    public static (TrainingCheckpoint Checkpoint, string Path)? Find(
        string source,
        IReadOnlyDictionary<string, string> settings,
        bool orPrevious,
        Action<string> skipped
    )
    {
        if (File.Exists(source) && !orPrevious)
            return (Read(source, settings), source);
        bool isFile = File.Exists(source);
        string folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(source))! : source;
        if (!Directory.Exists(folder))
            throw new FileNotFoundException($"There is no checkpoint and no folder of checkpoints '{Path.GetFullPath(source)}'.", source);
        IReadOnlyList<(string Path, CheckpointManifest? Manifest)> entries = Entries(folder);
        if (isFile)
        {
            // The file itself, whatever it is named, and those before it.
            string given = Path.GetFullPath(source);
            entries = [(given, CheckpointFile.ReadManifest(given)), .. entries.SkipWhile(entry => entry.Path != given).Skip(1)];
        }
        // Another run's checkpoints are passed over where there are some of this one.
        string[] files = [.. entries.Select(entry => entry.Path)],
            own = [.. entries.Where(entry => entry.Path == source || IsOf(entry.Manifest, settings) != false).Select(entry => entry.Path)];
        CheckpointException? last = null;
        foreach (string file in own.Length > 0 ? own : files)
        {
            try
            {
                return (Read(file, settings), file);
            }
            catch (FileNotFoundException) when (!isFile)
            {
                // Another run of the same settings has deleted it since the folder was listed: there is a newer one, or it is locked.
            }
            catch (CheckpointException e) when (orPrevious)
            {
                skipped(e.Message);
                last = e;
            }
        }
        return last is null ? null : throw last;
    }

    private static (int Phase, int Epoch, int Done) PositionOf(CheckpointManifest? manifest) =>
        manifest is null ? (int.MaxValue, 0, 0) : ((int)manifest.Phase, manifest.Loop.Epoch, manifest.Loop.Done);

    /// <summary>True if a checkpoint is of a run with these settings; null if it tells none.</summary>
    private static bool? IsOf(CheckpointManifest? manifest, IReadOnlyDictionary<string, string> settings) =>
        manifest is null ? null : TrainingCheckpoint.Differences(manifest.Settings, settings).Count == 0;

    // Manifests are read once: they are files.
    private static IReadOnlyList<(string Path, CheckpointManifest? Manifest)> Entries(string folder) =>
        [
            .. new DirectoryInfo(folder)
                .EnumerateFiles("*" + Extension)
                .Select(file => (Path: file.FullName, Manifest: CheckpointFile.ReadManifest(file.FullName)))
                .OrderByDescending(entry => PositionOf(entry.Manifest))
                .ThenByDescending(entry => Path.GetFileName(entry.Path), StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"^[0-9]-[a-z]+-step[0-9]{8,}\.ckpt$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private static TrainingCheckpoint Read(string path, IReadOnlyDictionary<string, string> settings)
    {
        TrainingCheckpoint checkpoint = CheckpointFile.Read(path);
        IReadOnlyList<string> differences = checkpoint.DifferencesFrom(settings);
        return differences.Count == 0
            ? checkpoint
            : throw new CheckpointException(
                path,
                $"it is of a run with other settings: {string.Join("; ", differences)}. Use those of that run (only the number of "
                    + $"epochs may change), or begin anew."
            );
    }
}
