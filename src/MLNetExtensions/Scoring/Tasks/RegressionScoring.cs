using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>A number: the network's one output times the labels' deviation, plus their mean.</summary>
internal sealed class RegressionScoring(float mean, float deviation) : ScoringTask
{
    public override int NetworkOutputs => 1;

    public override int OutputLength => 1;

    public override OnnxGraph Export(OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names)
    {
        var end = new GraphEnd(names);
        string scaled = end.Add("Mul", [GraphEnd.NetworkOutput, end.Constant(OnnxTensor.FromFloats("deviation", [1], [deviation]))]);
        end.AddLast("Add", [scaled, end.Constant(OnnxTensor.FromFloats("mean", [1], [mean]))]);
        return ScoringGraph.WithEnd(network, preprocessing, names, end, 1, [], ScoringMetadata.Of(preprocessing));
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringNames names)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.AddKind(annotations, "Regression", "Score", ScoreAnnotations.NextSetId(input));
        return [new ValueColumn<float>(names.Output, 0, NumberDataViewType.Single, annotations.ToAnnotations())];
    }

    public override EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        string onnxFile,
        List<string> temporaries
    ) =>
        FirstValue.AppendSingle(
            context,
            chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output], [names.Pixels], onnxFile)),
            names.Output,
            temporaries
        );
}
