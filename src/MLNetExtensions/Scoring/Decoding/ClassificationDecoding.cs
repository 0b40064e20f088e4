using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes one of several classes. Adds <see cref="ScoreColumnName"/> (vector of Single, the classes' names as slot names) and
/// <see cref="PredictedLabelColumnName"/> (a key with the names as key values; MapKeyToValue makes the text) like ML.NET's own classifiers,
/// so that Evaluate works; and with <see cref="TopK"/> the best labels and scores.
/// </summary>
public sealed record ClassificationDecoding : OnnxDecoding
{
    /// <summary>The output: Float [batch, classes], or of more dimensions that are 1.</summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Output { get; init; }

    /// <summary>The names of the classes, in the order of the output.</summary>
    /// <value>The default is null: <see cref="LabelsFile"/>'s.</value>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>A file with the names of the classes, in the order of the output: one per line, or a JSON array.</summary>
    /// <value>The default is null: the names in the model's metadata, or else numbers from 0.</value>
    public string? LabelsFile { get; init; }

    /// <summary>True to turn the output into probabilities with a softmax. Leave it false if the model ends with one.</summary>
    /// <value>The default is false.</value>
    public bool ApplySoftmax { get; init; }

    /// <summary>
    /// The number of best classes in <see cref="TopLabelsColumnName"/> and <see cref="TopScoresColumnName"/>; 0 adds no such columns.
    /// </summary>
    /// <value>The default is 0.</value>
    public int TopK { get; init; }

    /// <summary>
    /// The smallest score of a prediction: below it the predicted label is missing, and the top labels are empty with NaN as score.
    /// </summary>
    /// <value>The default is null: none.</value>
    public float? Threshold { get; init; }

    /// <summary>The column of scores.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;

    /// <summary>The column of the best class.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The column of the best classes' names: a vector of text, best first.</summary>
    /// <value>The default is <c>TopLabels</c>.</value>
    public string TopLabelsColumnName { get; init; } = "TopLabels";

    /// <summary>The column of the best classes' scores: a vector of Single, best first.</summary>
    /// <value>The default is <c>TopScores</c>.</value>
    public string TopScoresColumnName { get; init; } = "TopScores";

    internal override IReadOnlyList<string?> OutputNames => [Output];

    internal override OutputDecoder Open(OnnxSession session)
    {
        var problems = new OptionProblems();
        problems.Check(TopK >= 0, nameof(TopK), TopK, "at least 0");
        problems.Check(Threshold is null || float.IsFinite(Threshold.Value), nameof(Threshold), Threshold, "a finite number");
        problems.Check(Labels is not { Count: 0 }, nameof(Labels), "empty", "a name for each class");
        problems.Throw();
        string output = Output ?? session.OutputSpecs[0].Name;
        return new ClassificationDecoder(this, output, LabelList.Find(Labels, LabelsFile, session.Metadata, session.Source.Name));
    }
}
