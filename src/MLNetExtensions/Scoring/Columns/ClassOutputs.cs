using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
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
