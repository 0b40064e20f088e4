using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstInt32 : FirstValueMapping<int>
{
    private const string ContractName = "MLNetExtensions.FirstInt32";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
