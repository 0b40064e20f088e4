using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>A number: the network's one output times the labels' deviation, plus their mean.</summary>
internal sealed class RegressionScoring(float mean, float deviation) : ScoringTask
{
    // The name that ML.NET's regressors give their output.
    private const string RegressorScore = "Score";

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

    /// <summary>
    /// The ONNX transformer makes vectors only. What makes a number of a vector of one, without this library, is a linear regressor of weight 1.
    /// </summary>
    public override EstimatorChain<ITransformer> Append(
        MLContext context, EstimatorChain<ITransformer> chain, ScoringNames names, string onnxFile, List<string> temporaries)
    {
        chain = chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output], [names.Pixels], onnxFile));
        chain = chain.Append<ITransformer>(new FittedEstimator(Identity(context, names.Output)));
        if (names.Output == RegressorScore)
            return chain;
        temporaries.Add(RegressorScore);
        return chain.Append<ITransformer>(context.Transforms.CopyColumns(names.Output, RegressorScore));
    }

    /// <summary>
    /// A regressor that gives its feature: one step of gradient descent on one row, from zero, whose length makes the weight 1. The row is so large
    /// that the bias, 2^-60, is lost beside any score.
    /// </summary>
    private static ITransformer Identity(MLContext context, string column)
    {
        const float Large = 1L << 60;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Value)].ColumnName = column;
        IDataView row = context.Data.LoadFromEnumerable([new Row { Value = [Large], Label = 1 }], schema);
        return context.Regression.Trainers.OnlineGradientDescent(new OnlineGradientDescentTrainer.Options
        {
            FeatureColumnName = column,
            LearningRate = 1 / (2 * Large),
            DecreaseLearningRate = false,
            L2Regularization = 0,
            NumberOfIterations = 1,
        }).Fit(row);
    }

    private sealed class Row
    {
        // The type that the ONNX transformer gives an output [batch, 1].
        [VectorType(1, 1)]
        public float[] Value { get; set; } = [];

        public float Label { get; set; }
    }

    /// <summary>Puts a transformer that is fitted already into a chain of estimators.</summary>
    private sealed class FittedEstimator(ITransformer transformer) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => transformer;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            var added = new DataViewSchema.Builder();
            added.AddColumn(RegressorScore, NumberDataViewType.Single);
            return MLNet.SchemaShapes.Add(inputSchema, added.ToSchema());
        }
    }
}
