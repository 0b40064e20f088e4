namespace MLNetExtensions.Reports.Charts;

/// <summary>A drawing, ready for the template; all numbers are places on it.</summary>
internal sealed record Chart
{
    public const int Width = 440;
    public const int Height = 260;
    public const int Left = 52;
    public const int Right = 416;
    public const int Top = 16;
    public const int Bottom = 214;

    /// <summary>The id of its element.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What it shows, in a sentence, for those who do not see it.</summary>
    public required string Description { get; init; }

    public required string XTitle { get; init; }

    public required string YTitle { get; init; }

    public required IReadOnlyList<Tick> XTicks { get; init; }

    public required IReadOnlyList<Tick> YTicks { get; init; }

    public IReadOnlyList<Bar> Bars { get; init; } = [];

    public IReadOnlyList<Stroke> Strokes { get; init; } = [];

    public IReadOnlyList<Note> Notes { get; init; } = [];

    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];
}
