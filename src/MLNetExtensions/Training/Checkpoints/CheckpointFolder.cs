namespace MLNetExtensions.Training.Checkpoints;

/// <summary>The checkpoints of a folder, and the one that a run goes on from.</summary>
internal static class CheckpointFolder
{
    /// <summary>The end of a checkpoint's file name.</summary>
    public const string Extension = ".ckpt";

    /// <summary>The checkpoints in a folder, the newest first: by the time they were written, then by name.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        [
            .. new DirectoryInfo(folder)
                .EnumerateFiles("*" + Extension)
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .ThenByDescending(file => file.Name, StringComparer.Ordinal)
                .Select(file => file.FullName),
        ];

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
        IReadOnlyList<string> files = List(folder);
        if (isFile)
            files = [Path.GetFullPath(source), .. files.SkipWhile(file => file != Path.GetFullPath(source)).Skip(1)];
        CheckpointException? last = null;
        foreach (string file in files)
        {
            try
            {
                return (Read(file, settings), file);
            }
            catch (CheckpointException e) when (orPrevious)
            {
                skipped(e.Message);
                last = e;
            }
        }
        return last is null ? null : throw last;
    }

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
