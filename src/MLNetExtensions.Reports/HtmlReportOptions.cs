using Microsoft.ML;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports;

/// <summary>The options of <c>ml.Vision().WriteReport</c>: the columns, what is known of the training run, and the images that are shown.</summary>
public sealed record HtmlReportOptions
{
    /// <summary>The title of the report.</summary>
    /// <value>The default is <c>Model report</c>.</value>
    public string Title { get; init; } = "Model report";

    /// <summary>The label column: a key for classes, a vector of Boolean (or of Single, 0 or 1) for any number of labels a row, Single or
    /// Double for numbers.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = DefaultColumnNames.Label;

    /// <summary>The score column: a probability for each class or label, or the predicted number.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;

    /// <summary>The probability from which on a label counts as predicted, where rows have any number of labels.</summary>
    /// <value>The default is 0.5.</value>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>The score from which on a box is drawn, and counts as wrong among the worst images, where rows have objects.</summary>
    /// <value>The default is 0.25. Average precision counts weaker boxes too.</value>
    public float BoxThreshold { get; init; } = 0.25f;

    /// <summary>The column of images: paths (text), encoded images (a vector of Byte) or images.</summary>
    /// <value>The default is null: <c>Image</c>, or else <c>ImagePath</c>; without either, the report has no images.</value>
    public string? ImageColumnName { get; init; }

    /// <summary>The folder that relative paths start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// The fitted model. If it is a trained network of this library, or a chain with one, the report has its training run (unless
    /// <see cref="Training"/> is given) and code that loads it in Python.
    /// </summary>
    /// <value>The default is null: the report says nothing of a model.</value>
    public ITransformer? Model { get; init; }

    /// <summary>The result of the training run: its curves, warnings, runtime and device.</summary>
    /// <value>The default is null: the one of <see cref="Model"/>.</value>
    public TrainingResult? Training { get; init; }

    /// <summary>The options of the trainer. The report lists those that differ from the defaults.</summary>
    /// <value>The default is null: no settings.</value>
    public TrainerOptions? TrainerOptions { get; init; }

    /// <summary>The inspection of the data (<c>ml.Vision().Inspect</c>): the report has its warnings.</summary>
    /// <value>The default is null: no warnings about the data.</value>
    public DataInspection? Inspection { get; init; }

    /// <summary>The seed of the run: that of <see cref="MLContext"/>, of the split, or of both.</summary>
    /// <value>The default is null: the seed of <see cref="TrainerOptions"/>, if any.</value>
    public int? Seed { get; init; }

    /// <summary>The command that repeats the run.</summary>
    /// <value>The default is null: none is shown.</value>
    public string? RepeatCommand { get; init; }

    /// <summary>The path of the saved model, for the code that loads it; of a full path the report has the file's name alone.</summary>
    /// <value>The default is null: <c>model.zip</c>.</value>
    public string? ModelPath { get; init; }

    /// <summary>The path of the exported ONNX file, for the Python code that loads it; of a full path the report has the file's name alone.</summary>
    /// <value>The default is null: <c>model.onnx</c>.</value>
    public string? OnnxPath { get; init; }

    /// <summary>The number of mistakes, or of rows with the largest errors, that are shown.</summary>
    /// <value>The default is 24.</value>
    public int WorstRows { get; init; } = 24;

    /// <summary>The number of images that a cell of the confusion matrix opens.</summary>
    /// <value>The default is 12.</value>
    public int ImagesPerCell { get; init; } = 12;

    /// <summary>The longer side of the thumbnails in pixels; those with boxes or masks are twice as large.</summary>
    /// <value>The default is 160.</value>
    public int ThumbnailSize { get; init; } = 160;

    /// <summary>The most images in the file; the worst mistakes come first.</summary>
    /// <value>The default is 500.</value>
    public int MaxImages { get; init; } = 500;

    /// <summary>The most characters that the images take in the file together.</summary>
    /// <value>The default is 4 MiB.</value>
    public long MaxImageCharacters { get; init; } = 4L << 20;

    /// <summary>The path of the report's figures as JSON.</summary>
    /// <value>The default is null: the report's path with the extension <c>.json</c>.</value>
    public string? JsonPath { get; init; }

    /// <summary>Cancels the report between images.</summary>
    /// <value>The default is no cancellation.</value>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The clock that dates the report.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(!string.IsNullOrWhiteSpace(LabelColumnName), nameof(LabelColumnName), "empty", "the name of a column");
        problems.Check(!string.IsNullOrWhiteSpace(ScoreColumnName), nameof(ScoreColumnName), "empty", "the name of a column");
        problems.Check(Threshold is > 0 and < 1, nameof(Threshold), Threshold, "above 0 and below 1");
        problems.Check(BoxThreshold is > 0 and < 1, nameof(BoxThreshold), BoxThreshold, "above 0 and below 1");
        problems.Check(WorstRows >= 0, nameof(WorstRows), WorstRows, "at least 0");
        problems.Check(ImagesPerCell >= 0, nameof(ImagesPerCell), ImagesPerCell, "at least 0");
        problems.Check(ThumbnailSize is >= 16 and <= 1024, nameof(ThumbnailSize), ThumbnailSize, "16 to 1024");
        problems.Check(MaxImages >= 0, nameof(MaxImages), MaxImages, "at least 0");
        problems.Check(MaxImageCharacters >= 0, nameof(MaxImageCharacters), MaxImageCharacters, "at least 0");
        problems.Throw();
    }
}
