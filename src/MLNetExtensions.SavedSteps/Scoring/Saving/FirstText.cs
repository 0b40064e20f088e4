using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstText : FirstValueMapping<ReadOnlyMemory<char>>
{
    private const string ContractName = "MLNetExtensions.FirstText";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
