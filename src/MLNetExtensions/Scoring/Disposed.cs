namespace MLNetExtensions.Scoring;

/// <summary>Errors of what is used after it was disposed.</summary>
internal static class Disposed
{
    /// <summary>A model's error.</summary>
    /// <param name="type">The type that was disposed.</param>
    /// <param name="model">The model's name in messages.</param>
    public static ObjectDisposedException Model(string type, string model) =>
        new(
            type,
            $"The {type} of the model {model} was disposed, but is still used. Its views read their rows only when "
                + "they are asked for: dispose it after them. A PredictionEngine disposes the transformer that it was made of; "
                + "PredictionEngineOptions.OwnsTransformer = false leaves it alone."
        );
}
