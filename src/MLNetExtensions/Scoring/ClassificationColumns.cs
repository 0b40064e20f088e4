using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring;

/// <summary>The two columns of a multiclass classifier, annotated as those of ML.NET's own trainers.</summary>
internal static class ClassificationColumns
{
    private const string Kind = "MulticlassClassification";

    /// <summary>The score, with the classes' names as slot names, and the predicted label, with the label's key values.</summary>
    public static IReadOnlyList<OutputColumn> Create(
        DataViewSchema input,
        string scoreColumn,
        string predictedLabelColumn,
        ClassLabels labels
    )
    {
        uint setId = ScoreAnnotations.NextSetId(input);
        var score = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.AddKind(score, Kind, "Score", setId);
        labels.Annotate(score, "TrainingLabelValues");
        if (labels.Names is { } names)
            ScoreAnnotations.AddSlotNames(score, names);

        var predicted = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.AddKind(predicted, Kind, "PredictedLabel", setId);
        labels.Annotate(predicted, ClassLabels.KeyValues);
        return
        [
            new ValuesColumn<float>(scoreColumn, 0, new VectorDataViewType(NumberDataViewType.Single, labels.Count), score.ToAnnotations()),
            new PredictedLabelColumn(predictedLabelColumn, labels.Type, predicted.ToAnnotations()),
        ];
    }
}
