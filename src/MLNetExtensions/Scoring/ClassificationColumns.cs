using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>The two columns of a multiclass classifier, annotated as those of ML.NET's own trainers.</summary>
internal static class ClassificationColumns
{
    private const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>The score, with the classes' names as slot names, and the predicted label, with the label's key values.</summary>
    public static IReadOnlyList<OutputColumn> Create(DataViewSchema input, string scoreColumn, string predictedLabelColumn, ClassLabels labels)
    {
        uint setId = NextSetId(input);
        var score = new DataViewSchema.Annotations.Builder();
        AnnotateKind(score, "Score", setId);
        labels.Annotate(score, "TrainingLabelValues");
        if (labels.Names is { } names)
            score.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) =>
                value = new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names.Select(n => n.AsMemory())]));

        var predicted = new DataViewSchema.Annotations.Builder();
        AnnotateKind(predicted, "PredictedLabel", setId);
        labels.Annotate(predicted, ClassLabels.KeyValues);
        return
        [
            new VectorColumn(scoreColumn, labels.Count, score.ToAnnotations()),
            new PredictedLabelColumn(predictedLabelColumn, labels.Type, predicted.ToAnnotations()),
        ];
    }

    private static void AnnotateKind(DataViewSchema.Annotations.Builder annotations, string valueKind, uint setId)
    {
        AddText(annotations, "ScoreColumnKind", "MulticlassClassification");
        AddText(annotations, "ScoreValueKind", valueKind);
        annotations.Add(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint value) => value = setId);
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());

    // ML.NET's evaluators find the columns that belong together by this number.
    private static uint NextSetId(DataViewSchema input)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in input)
            if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId) is { Type: KeyDataViewType { RawType: var type } } && type == typeof(uint))
            {
                uint id = 0;
                column.Annotations.GetValue(ScoreColumnSetId, ref id);
                last = Math.Max(last, id);
            }
        return last + 1;
    }
}
