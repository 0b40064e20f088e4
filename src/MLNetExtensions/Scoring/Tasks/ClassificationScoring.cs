using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>One of several classes: a probability for each, and the key of the most probable one.</summary>
internal class ClassificationScoring(ClassLabels labels, string predictedLabelColumn) : ScoringTask
{
    public override int NetworkOutputs => labels.Count;

    public override int OutputLength => labels.Count;

    public override IReadOnlyList<string> LabelNames => labels.Texts;

    public override OnnxGraph Export(OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names) =>
        ScoringGraph.Classifier(
            network,
            preprocessing,
            names,
            labels,
            Probabilities(names),
            ScoringMetadata.Of(preprocessing, labels.Texts)
        );

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringNames names) =>
        ClassificationColumns.Create(input, names.Output, predictedLabelColumn, labels);

    public override EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        string onnxFile,
        List<string> temporaries
    ) =>
        AppendLabel(
            context,
            chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output, names.LabelText], [names.Pixels], onnxFile)),
            names,
            labels,
            predictedLabelColumn,
            temporaries
        );

    /// <summary>
    /// The ONNX transformer makes vectors only, the class a vector of one text; a key must be a scalar. Hashing a vector into one value is
    /// ML.NET's way from one to the other; the hash of each class is known, so a map makes the key of it.
    /// </summary>
    public static EstimatorChain<ITransformer> AppendLabel(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        ClassLabels labels,
        string predictedLabelColumn,
        List<string> temporaries
    )
    {
        temporaries.AddRange([names.LabelText, names.LabelHash]);
        IDataView view = labels.ToView(context, names.LabelText, predictedLabelColumn);
        for (uint seed = 1; ; seed++)
        {
            HashingEstimator hash = context.Transforms.Conversion.Hash(
                new HashingEstimator.ColumnOptions(names.LabelHash, names.LabelText, numberOfBits: 31, seed: seed, combine: true)
            );
            IDataView lookup = hash.Fit(view).Transform(view);
            if (lookup.GetColumn<uint>(names.LabelHash).Distinct().Count() < labels.Count)
                continue; // two classes met in one hash: another seed parts them
            return chain
                .Append<ITransformer>(hash)
                .Append<ITransformer>(
                    context.Transforms.Conversion.MapValue(
                        predictedLabelColumn,
                        lookup,
                        lookup.Schema[names.LabelHash],
                        lookup.Schema[predictedLabelColumn],
                        names.LabelHash
                    )
                );
        }
    }

    /// <summary>The nodes that turn the network's outputs into probabilities.</summary>
    private protected virtual GraphEnd Probabilities(ScoringNames names)
    {
        var end = new GraphEnd(names);
        end.AddLast("Softmax", [GraphEnd.NetworkOutput], OnnxAttribute.Of("axis", 1));
        return end;
    }
}
