using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that a saved model names: the first value of a vector.</summary>
internal abstract class FirstValueMapping<T> : CustomMappingFactory<VectorRow<T>, ValueRow<T>>
{
    public override Action<VectorRow<T>, ValueRow<T>> GetMapping() => Map;

    private protected static CustomMappingEstimator<VectorRow<T>, ValueRow<T>> Estimator(MLContext context, string contractName) =>
        context.Transforms.CustomMapping<VectorRow<T>, ValueRow<T>>(Map, contractName);

    private static void Map(VectorRow<T> source, ValueRow<T> target) => target.Value = source.Values.GetItemOrDefault(0);
}
