using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace ModelBuilderApp;

/// <summary>Makes the engines of a pool, all of one loaded model.</summary>
internal sealed class EnginePolicy : PooledObjectPolicy<PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput>>
{
    private readonly MLContext _context = new();
    private readonly ITransformer _model;

    public EnginePolicy() => _model = _context.Model.Load(Path.Combine(AppContext.BaseDirectory, "Shapes.mlnet"), out _);

    public override PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput> Create() =>
        _context.Model.CreatePredictionEngine<Shapes.ModelInput, Shapes.ModelOutput>(
            _model,
            new PredictionEngineOptions { OwnsTransformer = false }
        );

    public override bool Return(PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput> obj) => true;
}
