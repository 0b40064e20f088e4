using MLNetExtensions.Onnx.Files;

namespace Microsoft.ML;

/// <summary>Saves models such that a file is whole or is not there.</summary>
public static class ModelSavingCatalog
{
    /// <summary>
    /// Saves a model as <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> does, but beside the file, and moves
    /// it into place when it is complete: a process that is killed, or a disk that is full, leaves the file that was there, and a program
    /// that watches it never sees half of one.
    /// </summary>
    /// <remarks>ML.NET collects the model's parts in a folder <c>ml_dotnet_...</c> in MLContext's TempFilePath, which a killed process leaves
    /// there; it can be deleted.</remarks>
    /// <param name="catalog">The catalog, <c>MLContext.Model</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The schema of its input; null if it is not to be saved.</param>
    /// <param name="filePath">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as it was. The message says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    /// <example><code>
    /// ml.Model.SaveAtomic(model, photos.Schema, "model.zip");
    /// </code></example>
    public static void SaveAtomic(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        TemporaryFile.Write(filePath, file => catalog.Save(model, inputSchema, file));
    }

    /// <summary>
    /// Saves a model and the loader of its data as <see cref="ModelOperationsCatalog.Save{TSource}(ITransformer, IDataLoader{TSource}, string)"/>
    /// does, whole or not at all; see <see cref="SaveAtomic(ModelOperationsCatalog, ITransformer, DataViewSchema, string)"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>MLContext.Model</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="loader">The loader whose data the model was trained on.</param>
    /// <param name="filePath">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as it was. The message says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static void SaveAtomic<TSource>(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        IDataLoader<TSource> loader,
        string filePath
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        TemporaryFile.Write(filePath, file => catalog.Save(model, loader, file));
    }
}
