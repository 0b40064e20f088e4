namespace MLNetExtensions.Faults.Kills;

/// <summary>The kinds of work that are killed.</summary>
internal static class KillKinds
{
    public static IReadOnlyList<IKillKind> All { get; } =
    [
        new TrainKill("train", features: 8, epochs: 12),
        new TrainKill("checkpoint", features: 6000, epochs: 2),
        new CacheKill(),
        new SaveKill(),
        new ExportKill(),
        new DownloadKill(),
        new ToolKill(),
        new ModelBuilderKill(),
    ];

    public static IKillKind Find(string name) =>
        All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new ArgumentException($"There is no kind '{name}'. Kinds: {string.Join(", ", All.Select(kind => kind.Name))}.");
}
