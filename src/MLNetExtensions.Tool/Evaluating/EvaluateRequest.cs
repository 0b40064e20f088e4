using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>What a command line asks of evaluate.</summary>
internal sealed record EvaluateRequest(
    string? Data,
    string? Model,
    string? Runs,
    string? Output,
    bool Force,
    bool Json,
    int? Threads,
    SettingValues Annotations
);
