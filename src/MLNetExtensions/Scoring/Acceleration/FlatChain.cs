using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>A model as one list, whatever chains are nested in it.</summary>
internal static class FlatChain
{
    private static readonly TransformerScope[] Scopes = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];

    public static IEnumerable<ScopedTransformer> Of(ITransformer model, TransformerScope scope = TransformerScope.Everything)
    {
        if (model is not IEnumerable<ITransformer> chain)
            return [new ScopedTransformer(model, scope)];
        ITransformer[] transformers = [.. chain];
        TransformerScope[] scopes = ScopesOf(model, transformers);
        return transformers.SelectMany((transformer, i) => Of(transformer, scope & scopes[i]));
    }

    /// <summary>A chain does not tell its scopes, but gives a chain of those transformers that are applied in one.</summary>
    private static TransformerScope[] ScopesOf(ITransformer model, ITransformer[] transformers)
    {
        var scopes = new TransformerScope[transformers.Length];
        foreach (TransformerScope scope in Scopes)
        {
            int i = 0;
            foreach (ITransformer applied in ((dynamic)model).GetModelFor(scope))
            {
                // They come in order, so the next one of the same object is meant.
                while (!ReferenceEquals(transformers[i], applied))
                    i++;
                scopes[i++] |= scope;
            }
        }
        return scopes;
    }
}
