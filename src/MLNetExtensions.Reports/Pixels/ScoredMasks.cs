using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Reports.Pixels;

/// <summary>Scored rows with true and predicted masks.</summary>
internal sealed class ScoredMasks
{
    private ScoredMasks(SegmentationReport report, IReadOnlyList<DataViewRowId> ids, IReadOnlyList<MaskedRow> worst, int? ignoredIndex) =>
        (Report, Ids, Worst, IgnoredIndex) = (report, ids, worst, ignoredIndex);

    /// <summary>The metrics of all rows.</summary>
    public SegmentationReport Report { get; }

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<DataViewRowId> Ids { get; }

    /// <summary>The rows with the largest fractions of wrong pixels, the worst first.</summary>
    public IReadOnlyList<MaskedRow> Worst { get; }

    /// <summary>The index of true pixels that do not count; null if all do.</summary>
    public int? IgnoredIndex { get; }

    /// <summary>Reads a view once.</summary>
    /// <param name="scored">The rows.</param>
    /// <param name="size">The longer side of the masks that are kept.</param>
    /// <param name="options">The number of rows that are kept.</param>
    public static ScoredMasks Read(IDataView scored, int size, HtmlReportOptions options)
    {
        List<DataViewRowId> ids = [];
        int? ignored = null;
        var worst = new WorstMasks(options.WorstRows, size, MostClasses);
        SegmentationReport report = SegmentationColumns.Measure(
            scored,
            new SegmentationReportOptions(),
            (in MaskPair row) =>
            {
                options.Cancellation.ThrowIfCancellationRequested();
                ids.Add(row.Id);
                ignored = row.IgnoredIndex;
                worst.Add(row);
            }
        );
        return new ScoredMasks(report, ids, worst.Rows, ignored);
    }

    // Indices are bytes.
    private const int MostClasses = 256;
}
