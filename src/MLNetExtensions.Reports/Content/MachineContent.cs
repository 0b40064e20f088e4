namespace MLNetExtensions.Reports.Content;

/// <summary>Where the report was made, with which versions.</summary>
internal sealed record MachineContent
{
    public required string Processor { get; init; }

    /// <summary>The number of processors that .NET may use.</summary>
    public required int Processors { get; init; }

    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>The memory that .NET may use, in bytes.</summary>
    public required long Memory { get; init; }

    public required string System { get; init; }

    public required IReadOnlyList<VersionContent> Versions { get; init; }

    public int? Seed { get; init; }
}
