using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>A row with a vector of one.</summary>
internal sealed class VectorRow<T>
{
    public const string ColumnName = "mlnetx.Vector";

    [ColumnName(ColumnName)]
    public VBuffer<T> Values { get; set; }
}

/// <summary>A row with a value.</summary>
internal sealed class ValueRow<T>
{
    public const string ColumnName = "mlnetx.Value";

    [ColumnName(ColumnName)]
    public T Value { get; set; } = default!;
}

/// <summary>The mapping that a saved model names: the first value of a vector.</summary>
internal abstract class FirstValueMapping<T> : CustomMappingFactory<VectorRow<T>, ValueRow<T>>
{
    public override Action<VectorRow<T>, ValueRow<T>> GetMapping() => Map;

    private protected static CustomMappingEstimator<VectorRow<T>, ValueRow<T>> Estimator(MLContext context, string contractName) =>
        context.Transforms.CustomMapping<VectorRow<T>, ValueRow<T>>(Map, contractName);

    private static void Map(VectorRow<T> source, ValueRow<T> target) => target.Value = source.Values.GetItemOrDefault(0);
}

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstDouble : FirstValueMapping<double>
{
    private const string ContractName = "MLNetExtensions.FirstDouble";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstInt32 : FirstValueMapping<int>
{
    private const string ContractName = "MLNetExtensions.FirstInt32";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstInt64 : FirstValueMapping<long>
{
    private const string ContractName = "MLNetExtensions.FirstInt64";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstBoolean : FirstValueMapping<bool>
{
    private const string ContractName = "MLNetExtensions.FirstBoolean";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstText : FirstValueMapping<ReadOnlyMemory<char>>
{
    private const string ContractName = "MLNetExtensions.FirstText";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
