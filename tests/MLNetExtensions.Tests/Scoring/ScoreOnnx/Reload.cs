using Microsoft.ML;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

/// <summary>Saves a model and loads it again.</summary>
internal static class Reload
{
    public static ITransformer Of(MLContext ml, ITransformer model, IDataView view)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        return ml.Model.Load(stream, out _);
    }
}
