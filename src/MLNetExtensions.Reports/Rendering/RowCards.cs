using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>The rows that are listed with their images.</summary>
internal static class RowCards
{
    public static IReadOnlyList<RowCard> Of(IReadOnlyList<MistakeContent> mistakes, Gallery gallery) =>
        [
            .. mistakes.Select(row =>
                Card(
                    row.Row,
                    gallery.Of(row.Row),
                    row.Actual,
                    row.Predicted,
                    $"{TemplateFilters.Percent(row.Probability, 0)} sure; {TemplateFilters.Percent(row.ProbabilityOfActual)} for its label"
                )
            ),
        ];

    public static IReadOnlyList<RowCard> Of(IReadOnlyList<LabelSetContent> rows, Gallery gallery) =>
        [
            .. rows.Select(row =>
                Card(
                    row.Row,
                    gallery.Of(row.Row),
                    Names(row.Actual),
                    Names(row.Predicted),
                    string.Join(
                        "; ",
                        new[] { ("missed", row.Missed), ("wrong", row.Wrong) }
                            .Where(part => part.Item2.Count > 0)
                            .Select(part => $"{part.Item1}: {Names(part.Item2)}")
                    )
                )
            ),
        ];

    public static IReadOnlyList<RowCard> Of(IReadOnlyList<NumberRowContent> rows, Gallery gallery) =>
        [
            .. rows.Select(row =>
                Card(
                    row.Row,
                    gallery.Of(row.Row),
                    TemplateFilters.Number(row.Actual),
                    TemplateFilters.Number(row.Predicted),
                    $"{TemplateFilters.Number(Math.Abs(row.Error))} too {(row.Error > 0 ? "large" : "small")}"
                )
            ),
        ];

    /// <summary>The name of a row: its file's, or its number.</summary>
    public static string NameOf(int row, Thumbnail? thumbnail) =>
        thumbnail?.Path is { } path ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..] : $"row {row}";

    /// <summary>Where a row is found: its file, or its number.</summary>
    public static string PathOf(int row, Thumbnail? thumbnail) => thumbnail?.Path ?? $"row {row}";

    private static string Names(IReadOnlyList<string> labels) => labels.Count == 0 ? "none" : string.Join(", ", labels);

    /// <summary>The card of a row.</summary>
    public static RowCard Card(int row, Thumbnail? thumbnail, string actual, string predicted, string detail) =>
        new(
            row,
            NameOf(row, thumbnail),
            PathOf(row, thumbnail),
            thumbnail?.Source,
            thumbnail?.Width ?? 0,
            thumbnail?.Height ?? 0,
            thumbnail?.Problem,
            actual,
            predicted,
            detail
        );
}
