namespace Microsoft.Extensions.ML;

/// <summary>Says where the model of a pool is.</summary>
public sealed class PredictionEnginePoolBuilder<TData, TPrediction>(IServiceCollection services)
    where TData : class
    where TPrediction : class, new()
{
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string filePath)
    {
        services.AddSingleton(new PredictionEnginePool<TData, TPrediction>(filePath));
        return this;
    }
}
