using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>A transformer of a model, and when it is applied.</summary>
internal readonly record struct ScopedTransformer(ITransformer Transformer, TransformerScope Scope);
