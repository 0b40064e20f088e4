namespace MLNetExtensions.Tool.Runs;

/// <summary>A run as lists show it.</summary>
internal sealed record RunSummary(string Name, string Folder, RunStatus Status);
