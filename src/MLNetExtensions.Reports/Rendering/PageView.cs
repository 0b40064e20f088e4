using MLNetExtensions.Reports.Charts;
using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>What the page shows beside the content: drawings, images, the matrix.</summary>
internal sealed record PageView
{
    public required ReportContent Content { get; init; }

    /// <summary>What a row is called: <c>image</c> where there are images, <c>row</c> where not.</summary>
    public required string Noun { get; init; }

    public required IReadOnlyList<RowCard> Cards { get; init; }

    /// <summary>True if the cards have images.</summary>
    public required bool HasImages { get; init; }

    public MatrixView? Matrix { get; init; }

    /// <summary>The classes that are confused most, beside the matrix.</summary>
    public IReadOnlyList<ConfusedPairContent> ConfusedPairs { get; init; } = [];

    /// <summary>What the matrix counts: rows, or <c>pixel</c>s.</summary>
    public string? MatrixNoun { get; init; }

    /// <summary>Images with boxes.</summary>
    public IReadOnlyList<ObjectCard> ObjectCards { get; init; } = [];

    /// <summary>Images with masks.</summary>
    public IReadOnlyList<MaskCard> MaskCards { get; init; } = [];

    /// <summary>Confidence and calibration, or predictions and errors.</summary>
    public required IReadOnlyList<Chart> ResultCharts { get; init; }

    public required IReadOnlyList<Chart> TrainingCharts { get; init; }

    public required ShownRows ShownRows { get; init; }
}
