using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstInt64 : FirstValueMapping<long>
{
    private const string ContractName = "MLNetExtensions.FirstInt64";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
