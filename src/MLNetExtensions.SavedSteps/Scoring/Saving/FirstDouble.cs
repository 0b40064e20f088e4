using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExtensions.Scoring.Saving;

[CustomMappingFactoryAttribute(ContractName)]
internal sealed class FirstDouble : FirstValueMapping<double>
{
    private const string ContractName = "MLNetExtensions.FirstDouble";

    public static IEstimator<ITransformer> Estimator(MLContext context) => Estimator(context, ContractName);
}
