using Microsoft.Extensions.ML;

namespace Microsoft.Extensions.DependencyInjection;

public static class PredictionEnginePoolExtensions
{
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services
    )
        where TData : class
        where TPrediction : class, new() => new(services);
}
