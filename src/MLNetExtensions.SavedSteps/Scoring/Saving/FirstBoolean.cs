using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstBoolean : FirstValueMapping<bool>
{
    private const string ContractName = "MLNetExtensions.FirstBoolean";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
