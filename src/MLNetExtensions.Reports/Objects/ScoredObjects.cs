using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics.Detections;

namespace MLNetExtensions.Reports.Objects;

/// <summary>Scored rows with objects and found boxes.</summary>
internal sealed class ScoredObjects
{
    private readonly DetectionRows _rows;
    private readonly ImageErrors[] _errors;

    private ScoredObjects(DetectionRows rows, double shownScore)
    {
        _rows = rows;
        Report = rows.Report();
        _errors = [.. rows.Images.Select(image => new ImageErrors(image, shownScore))];
    }

    /// <summary>The metrics of all rows.</summary>
    public DetectionReport Report { get; }

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<DataViewRowId> Ids => _rows.Ids;

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes => _rows.Classes;

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Images.Count;

    /// <summary>Reads a view once.</summary>
    public static ScoredObjects Read(IDataView scored, HtmlReportOptions options) =>
        new(
            DetectionColumns.Read(
                scored,
                new DetectionReportOptions { LabelColumnName = options.LabelColumnName, ScoreColumnName = options.ScoreColumnName }
            ),
            options.BoxThreshold
        );

    /// <summary>The objects and the boxes of a row.</summary>
    public ImageBoxes Image(int row) => _rows.Images[row];

    /// <summary>What is wrong about a row.</summary>
    public ImageErrors Errors(int row) => _errors[row];

    /// <summary>The rows with missed objects or wrong boxes, the worst first.</summary>
    public IEnumerable<int> Mistakes() =>
        Enumerable.Range(0, Count).Where(row => _errors[row].Cost > 0).OrderByDescending(row => _errors[row].Cost).ThenBy(row => row);
}
