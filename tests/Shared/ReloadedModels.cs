using Microsoft.ML;

namespace MLNetExtensions.TestData;

/// <summary>
/// Saves models and loads them again. What was loaded is disposed with this: ML.NET keeps its ONNX model in a temporary file until then.
/// </summary>
internal sealed class ReloadedModels : IDisposable
{
    private readonly List<ITransformer> _models = [];

    public ITransformer Of(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        _models.Add(loaded);
        return loaded;
    }

    public void Dispose()
    {
        foreach (ITransformer model in _models)
            (model as IDisposable)?.Dispose();
    }
}
