namespace MLNetExtensions.Tool.Predicting;

/// <summary>What a command line asks of predict.</summary>
internal sealed record PredictRequest
{
    /// <summary>Files and folders.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    public string? Model { get; init; }

    public string? Runs { get; init; }

    /// <summary>The file for the predictions; null for the terminal.</summary>
    public string? Output { get; init; }

    public bool Json { get; init; }

    public int Top { get; init; } = 1;

    /// <summary>The folder that images are copied to, each into a sub-folder of its class; null for none.</summary>
    public string? CopyTo { get; init; }

    public bool Force { get; init; }

    public int? Threads { get; init; }
}
