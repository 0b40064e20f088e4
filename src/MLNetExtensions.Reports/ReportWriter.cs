using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Reports.Charts;
using MLNetExtensions.Reports.Classes;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Reports.Labels;
using MLNetExtensions.Reports.Numbers;
using MLNetExtensions.Reports.Objects;
using MLNetExtensions.Reports.Pixels;
using MLNetExtensions.Reports.Rendering;
using MLNetExtensions.Reports.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports;

/// <summary>Reads scored rows and writes their report.</summary>
internal static class ReportWriter
{
    // Pictures with boxes or masks are so many times as large as others: their details are what is looked at.
    private const int LargePicture = 2;

    public static HtmlReport Write(IDataView scored, string path, HtmlReportOptions options)
    {
        if (Has(scored, DefaultColumnNames.PredictedMask))
            return WriteMasks(scored, path, options);
        var images = new ThumbnailReader(scored, options, options.ThumbnailSize);
        DataViewSchema.Column label =
            scored.Schema.GetColumnOrNull(options.LabelColumnName)
            ?? throw MissingColumn.In(scored.Schema, "label", options.LabelColumnName, parameter: "scored");
        return label.Type switch
        {
            KeyDataViewType => WriteClasses(scored, images, path, options),
            VectorDataViewType when Has(scored, DefaultColumnNames.PredictedBoundingBoxes) => WriteObjects(scored, path, options),
            VectorDataViewType { Size: not 1 } => WriteLabels(scored, images, path, options),
            _ => WriteNumbers(scored, images, path, options),
        };
    }

    private static bool Has(IDataView scored, string column) => scored.Schema.GetColumnOrNull(column) is not null;

    private static HtmlReport WriteClasses(IDataView scored, ThumbnailReader images, string path, HtmlReportOptions options)
    {
        ScoredClasses rows = ScoredClasses.Read(scored, options);
        int[] worst = [.. rows.Mistakes().Take(options.WorstRows)];
        IReadOnlyDictionary<(int Actual, int Predicted), int[]> cells = rows.Cells();
        Gallery gallery = Gallery.Read(images, rows.Ids, worst, CellRows.ByTurns(cells, options.ImagesPerCell), options);
        ClassificationContent figures = ClassificationFigures.Of(rows, worst, gallery);
        ReportContent content = ContentOf(scored, images, gallery, options, rows.Count) with
        {
            Task = "classification",
            Classification = figures,
        };
        content = content with { Warnings = [.. Findings.Of(figures, rows.Count), .. content.Warnings] };
        ShownRows shown = RowsOfCells.Of(rows, cells, gallery, worst, options.ImagesPerCell);
        return Write(
            Page(content, images, RowCards.Of(figures.WorstMistakes, gallery), ConfidenceCharts.Of(figures.Calibration)) with
            {
                Matrix = MatrixView.Of(rows.Report.Confusion.Classes, figures.Confusion, shown.Cells.Keys.ToHashSet()),
                ConfusedPairs = figures.ConfusedPairs,
                ShownRows = shown,
            },
            path,
            options
        ) with
        {
            Classification = rows.Report,
        };
    }

    private static HtmlReport WriteObjects(IDataView scored, string path, HtmlReportOptions options)
    {
        var images = new ThumbnailReader(scored, options, LargePicture * options.ThumbnailSize);
        ScoredObjects rows = ScoredObjects.Read(scored, options);
        int[] worst = [.. rows.Mistakes().Take(options.WorstRows)];
        Gallery gallery = Gallery.Read(images, rows.Ids, worst, [], options);
        DetectionContent figures = DetectionFigures.Of(rows, worst, gallery, options.BoxThreshold);
        ReportContent content = ContentOf(scored, images, gallery, options, rows.Count) with { Task = "detection", Detection = figures };
        content = content with { Warnings = [.. Findings.Of(figures), .. content.Warnings] };
        return Write(
            Page(content, images, [], DetectionCharts.Of(figures)) with
            {
                ObjectCards = ObjectCards.Of(figures.WorstImages, gallery),
            },
            path,
            options
        ) with
        {
            Detection = rows.Report,
        };
    }

    private static HtmlReport WriteMasks(IDataView scored, string path, HtmlReportOptions options)
    {
        int size = LargePicture * options.ThumbnailSize;
        var images = new ThumbnailReader(scored, options, size);
        ScoredMasks rows = ScoredMasks.Read(scored, size, options);
        Gallery gallery = Gallery.Read(images, rows.Ids, [.. rows.Worst.Select(row => row.Row)], [], options);
        var overlay = new MaskOverlay([.. rows.Report.Classes.Select(c => c.Name)], rows.IgnoredIndex);
        SegmentationContent figures = SegmentationFigures.Of(rows, gallery, overlay);
        ReportContent content = ContentOf(scored, images, gallery, options, rows.Ids.Count) with
        {
            Task = "segmentation",
            Segmentation = figures,
        };
        content = content with { Warnings = [.. Findings.Of(figures), .. content.Warnings] };
        return Write(
            Page(content, images, [], []) with
            {
                MaskCards = MaskCards.Of(figures.WorstImages, rows.Worst, gallery, overlay),
                Matrix = MatrixView.Of(rows.Report.Confusion.Classes, figures.Confusion, new HashSet<string>()),
                ConfusedPairs = figures.ConfusedPairs,
                MatrixNoun = "pixel",
            },
            path,
            options
        ) with
        {
            Segmentation = rows.Report,
        };
    }

    private static HtmlReport WriteLabels(IDataView scored, ThumbnailReader images, string path, HtmlReportOptions options)
    {
        ScoredLabelSets rows = ScoredLabelSets.Read(scored, options);
        int[] worst = [.. rows.Mistakes().Take(options.WorstRows)];
        Gallery gallery = Gallery.Read(images, rows.Ids, worst, [], options);
        MultiLabelContent figures = MultiLabelFigures.Of(rows, worst, gallery, options.Threshold);
        ReportContent content = ContentOf(scored, images, gallery, options, rows.Count) with { Task = "multi-label", MultiLabel = figures };
        content = content with { Warnings = [.. Findings.Of(figures), .. content.Warnings] };
        return Write(
            Page(content, images, RowCards.Of(figures.WorstRows, gallery), LabelCharts.Of(rows, options.Threshold)),
            path,
            options
        ) with
        {
            MultiLabel = rows.Report,
        };
    }

    private static HtmlReport WriteNumbers(IDataView scored, ThumbnailReader images, string path, HtmlReportOptions options)
    {
        ScoredNumbers rows = ScoredNumbers.Read(scored, options);
        int[] worst = [.. rows.ByError().Take(options.WorstRows)];
        Gallery gallery = Gallery.Read(images, rows.Ids, worst, [], options);
        RegressionContent figures = RegressionFigures.Of(rows, worst, gallery);
        ReportContent content = ContentOf(scored, images, gallery, options, rows.Targets.Length) with
        {
            Task = "regression",
            Regression = figures,
        };
        content = content with { Warnings = [.. Findings.Of(figures), .. content.Warnings] };
        return Write(
            Page(content, images, RowCards.Of(figures.WorstRows, gallery), NumberCharts.Of(figures, rows.Predictions, rows.Targets)),
            path,
            options
        ) with
        {
            Regression = rows.Report,
        };
    }

    private static ReportContent ContentOf(IDataView scored, ThumbnailReader images, Gallery gallery, HtmlReportOptions options, int rows)
    {
        TrainingResult? training = options.Training ?? TrainedModel.ResultOf(options.Model);
        return new ReportContent
        {
            Title = options.Title,
            Created = options.Clock.GetUtcNow(),
            Task = "",
            Rows = rows,
            Warnings = [.. Findings.OfRun(options.Inspection, training)],
            Training = training is null ? null : TrainingFigures.Of(training),
            Settings = options.TrainerOptions is { } settings ? ChangedSettings.Of(settings) : null,
            Machine = Machine.Of(options.Seed ?? options.TrainerOptions?.Seed),
            Usage = Usage.Of(options, images.ImageColumn, scored.Schema),
            Images = gallery.Images,
        };
    }

    private static PageView Page(
        ReportContent content,
        ThumbnailReader images,
        IReadOnlyList<RowCard> cards,
        IReadOnlyList<Chart> resultCharts
    ) =>
        new()
        {
            Content = content,
            Noun = images.ImageColumn is null ? "row" : "image",
            HasImages = images.ImageColumn is not null,
            Cards = cards,
            ResultCharts = resultCharts,
            TrainingCharts = content.Training is { } training ? TrainingCharts.Of(training) : [],
            ShownRows = ShownRows.None,
        };

    private static HtmlReport Write(PageView view, string path, HtmlReportOptions options)
    {
        path = Path.GetFullPath(path);
        string jsonPath = options.JsonPath is { } given ? Path.GetFullPath(given) : Path.ChangeExtension(path, ".json");
        options.Cancellation.ThrowIfCancellationRequested();
        foreach (string file in new[] { path, jsonPath })
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // The page is rendered before anything is written, so that an error leaves no half of a file.
        using var page = new StringWriter();
        HtmlPage.WriteAsync(view, page).GetAwaiter().GetResult();
        TemporaryFile.Write(path, page.ToString());
        TemporaryFile.Write(jsonPath, ReportJson.Of(view.Content));
        return new HtmlReport
        {
            Path = path,
            JsonPath = jsonPath,
            Images = view.Content.Images.Shown,
            ImagesLeftOut = view.Content.Images.LeftOut,
            InvalidImages = [.. view.Content.Images.Invalid.Select(image => new InvalidImage(image.Row, image.Image, image.Reason))],
        };
    }
}
