using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>The outputs of a classifier in a <see cref="ColumnGraph"/>: the name of the most probable class beside the scores.</summary>
internal static class ClassOutputs
{
    /// <summary>Adds what a saved model needs beside the score: the class's name, and the slot names.</summary>
    public static void AddTo(ColumnGraph graph, ScoringNames names, ClassLabels labels)
    {
        string index = graph.Nodes.AddAs(
            names.LabelText + ".index",
            "ArgMax",
            [names.Output],
            OnnxAttribute.Of("axis", 1L),
            OnnxAttribute.Of("keepdims", 1L)
        );
        graph.Nodes.AddTexts(names.LabelText, index, labels.Texts);
        graph.SavedOutput(names.LabelText, OnnxElementType.String, 1);
        if (labels.Names is { } slotNames)
            graph.Nodes.AddSlotNames(names.Output, slotNames);
    }

    /// <summary>The input's columns with the score and the predicted label of a step that is fitted to a label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is missing.</exception>
    public static SchemaShape AddColumns(SchemaShape input, string labelColumn, string scoreColumn, string predictedLabelColumn)
    {
        if (SchemaShapes.Find(input, labelColumn) is not { } label)
            throw MissingColumn.In(input, "label", labelColumn);
        var added = new DataViewSchema.Builder();
        foreach (
            OutputColumn column in ClassificationColumns.Create(
                new DataViewSchema.Builder().ToSchema(),
                scoreColumn,
                predictedLabelColumn,
                ClassLabels.Like(label)
            )
        )
            added.AddColumn(column.Name, column.Type, column.Annotations);
        return SchemaShapes.Add(input, added.ToSchema());
    }

    /// <summary>Appends what makes a key of the class's name, in a saved model.</summary>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        ClassLabels labels,
        string predictedLabelColumn,
        List<string> temporaries
    ) => ClassificationScoring.AppendLabel(context, chain, names, labels, predictedLabelColumn, temporaries);
}
