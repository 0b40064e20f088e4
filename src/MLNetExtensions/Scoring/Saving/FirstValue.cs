using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>Makes values of vectors of one, which is all that ML.NET's ONNX transformer gives, in a saved pipeline.</summary>
internal static class FirstValue
{
    // The name that ML.NET's regressors give their output.
    private const string RegressorScore = "Score";

    /// <summary>
    /// Appends what makes a number of a column of floats, without this library: a linear regressor of weight 1.
    /// </summary>
    public static EstimatorChain<ITransformer> AppendSingle(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        string column,
        List<string> temporaries
    )
    {
        chain = chain.Append<ITransformer>(new FittedEstimator(Identity(context, column), RegressorScore, NumberDataViewType.Single));
        if (column == RegressorScore)
            return chain;
        temporaries.Add(RegressorScore);
        return chain.Append<ITransformer>(context.Transforms.CopyColumns(column, RegressorScore));
    }

    /// <summary>
    /// Appends what makes a value of a column of any type; for other types than Single the application that loads the model needs
    /// MLNetExtensions.SavedSteps.
    /// </summary>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        string column,
        PrimitiveDataViewType type,
        List<string> temporaries
    )
    {
        if (type == NumberDataViewType.Single)
            return AppendSingle(context, chain, column, temporaries);
        IEstimator<ITransformer> mapping =
            type == NumberDataViewType.Double ? FirstDouble.Estimator(context)
            : type == NumberDataViewType.Int32 ? FirstInt32.Estimator(context)
            : type == NumberDataViewType.Int64 ? FirstInt64.Estimator(context)
            : type == BooleanDataViewType.Instance ? FirstBoolean.Estimator(context)
            : type == TextDataViewType.Instance ? FirstText.Estimator(context)
            : throw new NotSupportedException(
                $"Output column '{column}' holds one value of {type} a row, which a saved pipeline cannot make. Add a Cast to Float or "
                    + $"Int64 to the model, or an axis."
            );
        SaveWarning.NeedsPackage(context, $"It makes one value of {type} of column '{column}'.");
        temporaries.AddRange([VectorRow<float>.ColumnName, ValueRow<float>.ColumnName]);
        // A saved custom mapping forgets the names of its columns, so they are fixed.
        return chain
            .Append<ITransformer>(context.Transforms.CopyColumns(VectorRow<float>.ColumnName, column))
            .Append(mapping)
            .Append<ITransformer>(context.Transforms.CopyColumns(column, ValueRow<float>.ColumnName));
    }

    /// <summary>
    /// A regressor that gives its feature: one step of gradient descent on one row, from zero, whose length makes the weight 1. The row is
    /// so large that the bias, 2^-60, is lost beside any score.
    /// </summary>
    private static ITransformer Identity(MLContext context, string column)
    {
        const float Large = 1L << 60;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Value)].ColumnName = column;
        IDataView row = context.Data.LoadFromEnumerable([new Row { Value = [Large], Label = 1 }], schema);
        return context
            .Regression.Trainers.OnlineGradientDescent(
                new OnlineGradientDescentTrainer.Options
                {
                    FeatureColumnName = column,
                    LearningRate = 1 / (2 * Large),
                    DecreaseLearningRate = false,
                    L2Regularization = 0,
                    NumberOfIterations = 1,
                }
            )
            .Fit(row);
    }

    private sealed class Row
    {
        // The type that the ONNX transformer gives an output [batch, 1].
        [VectorType(1, 1)]
        public float[] Value { get; set; } = [];

        public float Label { get; set; }
    }
}
