using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>Any number of labels at once: a probability for each, and whether it is above one half.</summary>
/// <param name="count">The number of labels.</param>
/// <param name="labelNames">Their names; empty if they have none.</param>
/// <param name="predictedLabelColumn">The output column of Booleans.</param>
internal sealed class MultiLabelScoring(int count, IReadOnlyList<string> labelNames, string predictedLabelColumn) : ScoringTask
{
    public const float Threshold = 0.5f;

    public override int NetworkOutputs => count;

    public override int OutputLength => count;

    public override IReadOnlyList<string> LabelNames => labelNames;

    public override OnnxGraph Export(OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names)
    {
        var end = new GraphEnd(names);
        end.AddLast("Sigmoid", [GraphEnd.NetworkOutput]);
        end.AddAs(predictedLabelColumn, "Greater", [names.Output, end.Constant(OnnxTensor.FromFloats("threshold", [1], [Threshold]))]);
        if (labelNames.Count > 0)
        {
            end.AddSlotNames(names.Output, labelNames);
            end.AddSlotNames(predictedLabelColumn, labelNames);
        }
        return ScoringGraph.WithEnd(
            network,
            preprocessing,
            names,
            end,
            count,
            [OnnxValue.Create(predictedLabelColumn, OnnxElementType.Bool, -1, count)],
            ScoringMetadata.Of(preprocessing, labelNames.Count > 0 ? labelNames : null)
        );
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringNames names) =>
        [
            new ValuesColumn<float>(names.Output, 0, new VectorDataViewType(NumberDataViewType.Single, count), Annotations()),
            new AboveColumn(predictedLabelColumn, count, Threshold, Annotations()),
        ];

    public override EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        string onnxFile,
        List<string> temporaries
    ) => chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output, predictedLabelColumn], [names.Pixels], onnxFile));

    private DataViewSchema.Annotations Annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (labelNames.Count > 0)
            ScoreAnnotations.AddSlotNames(annotations, labelNames);
        return annotations.ToAnnotations();
    }
}
