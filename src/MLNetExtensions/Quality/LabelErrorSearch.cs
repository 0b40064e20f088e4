using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Trainers.FeatureExtraction;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Quality;

/// <summary>Finds labels that are probably wrong.</summary>
internal static class LabelErrorSearch
{
    private const string Features = "mlnetx.LabelErrors.Features";

    /// <inheritdoc cref="LabelErrorCatalog.FindLabelErrors"/>
    public static LabelErrorReport Run(MLContext context, IDataView data, LabelErrorOptions options)
    {
        (float[] probabilities, int[] labels, IReadOnlyList<string> classes) = Scores(context, data, options);
        var joint = new ConfidentJoint(probabilities, labels, classes.Count);
        float[] qualities = joint.Qualities(options.Ranking);
        bool[] isIssue = joint.Issues(options.Filter);
        int[] ranked = [.. Enumerable.Range(0, labels.Length).Where(row => isIssue[row]).OrderBy(row => qualities[row])];
        IReadOnlyList<string>? paths = Paths(data, options.ImageColumnName, ranked.Length);
        return new LabelErrorReport(
            [
                .. ranked.Select(row =>
                {
                    int predicted = joint.Predicted(row);
                    return new LabelIssue(
                        row,
                        paths?[row],
                        classes[labels[row]],
                        classes[predicted],
                        qualities[row],
                        probabilities[(row * classes.Count) + labels[row]],
                        probabilities[(row * classes.Count) + predicted]
                    );
                }),
            ],
            qualities,
            classes,
            Enumerable.Range(0, labels.Length).Count(row => joint.Predicted(row) == labels[row]) / (double)labels.Length,
            joint.Counts
        );
    }

    private static (float[] Probabilities, int[] Labels, IReadOnlyList<string> Classes) Scores(
        MLContext context,
        IDataView data,
        LabelErrorOptions options
    )
    {
        if (options.ScoreColumnName is { } score)
        {
            (float[] scores, int[] given, IReadOnlyList<string> names) = ReportColumns.ReadClasses(data, options.LabelColumnName, score);
            ProbabilityTable.CheckSizes(scores.Length, given.Length, names, nameof(data));
            for (int row = 0; row < given.Length; row++)
                ProbabilityTable.CheckDistribution(scores.AsSpan(row * names.Count, names.Count), row);
            return (scores, given, names);
        }
        FeatureRows rows;
        if (options.FeatureColumnName is { } features)
            rows = FeatureReader.Read(data, features, options.LabelColumnName, int.MaxValue, seed: 0);
        else
        {
            using ImageFeatureExtractionTransformer extraction = context
                .Transforms.ExtractImageFeatures(
                    new ImageFeatureExtractionOptions
                    {
                        Backbone = options.Backbone,
                        InputColumnName = options.ImageColumnName,
                        ImageFolder = options.ImageFolder,
                        OutputColumnName = Features,
                    }
                )
                .Fit(data);
            rows = FeatureReader.Read(extraction.Transform(data), Features, options.LabelColumnName, int.MaxValue, seed: 0);
        }
        options.CancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<string> classes = ClassLabels.Of(data.Schema[options.LabelColumnName]).Texts;
        int[] labels = rows.Labels!;
        if (labels.Distinct().Count() < 2)
            throw new ArgumentException("All rows have one label: there is nothing to take them for.", nameof(data));
        return (CrossValidatedScores.Of(rows.Values, rows.Length, labels, classes.Count, options), labels, classes);
    }

    /// <summary>The paths of all rows; null where the column is missing or holds none, or where they are not needed.</summary>
    private static IReadOnlyList<string>? Paths(IDataView data, string column, int needed) =>
        needed > 0 && data.Schema.GetColumnOrNull(column) is { Type: TextDataViewType } ? [.. data.GetColumn<string>(column)] : null;
}
