using System.Collections.Concurrent;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>Engines of one loaded model, each lent to one caller at a time: what the class of this name in Microsoft.Extensions.ML does.</summary>
public sealed class PredictionEnginePool<TData, TPrediction>(string file)
    where TData : class
    where TPrediction : class, new()
{
    private readonly ConcurrentBag<PredictionEngine<TData, TPrediction>> _idle = [];
    private readonly MLContext _context = new();
    private readonly Lazy<ITransformer> _model = new(() => new MLContext().Model.Load(file, out _));

    public TPrediction Predict(TData example)
    {
        if (!_idle.TryTake(out PredictionEngine<TData, TPrediction>? engine))
            engine = _context.Model.CreatePredictionEngine<TData, TPrediction>(
                _model.Value,
                new PredictionEngineOptions { OwnsTransformer = false }
            );
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            _idle.Add(engine);
        }
    }
}
