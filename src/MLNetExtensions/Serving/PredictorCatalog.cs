using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.Sessions;

namespace Microsoft.ML;

/// <summary>Creates predictors that many callers share.</summary>
public static class PredictorCatalog
{
    /// <summary>Creates a predictor that many callers share, from a model file.</summary>
    /// <param name="catalog">The catalog, <c>ml.Model</c>.</param>
    /// <param name="modelFile">
    /// A pipeline with one network of this library, saved by <c>ml.Model.Save</c>, or the ONNX file of a transformer's <c>Model</c>. Of the
    /// pipeline, only the network is run; the class names are those it was trained with.
    /// </param>
    /// <param name="options">Batches, limits, threads; null for the defaults. They are copied.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The saved model is damaged, or does not hold exactly one network of this library.</exception>
    /// <exception cref="OnnxFormatException">The file is not an ONNX model, or does not state its preprocessing.</exception>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    /// <example><code>using VisionPredictor predictor = ml.Model.CreateVisionPredictor("model.zip");</code></example>
    public static VisionPredictor CreateVisionPredictor(
        this ModelOperationsCatalog catalog,
        string modelFile,
        VisionPredictorOptions? options = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        MLContext context = CatalogContext.Of(catalog);
        options = Checked(options);
        modelFile = Path.GetFullPath(modelFile);
        FileStamp? stamp = FileStamp.Of(modelFile);
        ServedModel model = Open(ServedModelSource.OfFile(modelFile));
        var predictor = new VisionPredictor(context, options, model, Open);
        if (options.ReloadInterval is { } interval)
            predictor.Watch(modelFile, stamp, interval);
        return predictor;

        ServedModel Open(OnnxModelSource source) => ServedModel.Open(context, source, options);
    }

    /// <summary>Creates a predictor that many callers share, from a fitted or loaded model.</summary>
    /// <param name="catalog">The catalog, <c>ml.Model</c>.</param>
    /// <param name="model">
    /// A model fitted by FineTune, TrainNetwork or ExtractImageFeatures, or loaded by Model.Load (accelerated or not), alone or in a
    /// pipeline with one of them. Of the pipeline, only the network is run. The caller keeps the model and may dispose it at once: the
    /// predictor has its own copy.
    /// </param>
    /// <param name="options">Batches, limits, threads; null for the defaults. They are copied.</param>
    /// <exception cref="ArgumentException">The model does not hold exactly one network of this library, or an option is missing or out of
    /// range.</exception>
    public static VisionPredictor CreateVisionPredictor(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        VisionPredictorOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        MLContext context = CatalogContext.Of(catalog);
        options = Checked(options);
        if (options.ReloadInterval is not null)
            throw new ArgumentException(
                "ReloadInterval is set, but a model in memory has no file that could change. Save it and pass the file, or leave it null.",
                nameof(options)
            );
        return new VisionPredictor(context, options, Open(ServedModelSource.Of(context, model)), Open);

        ServedModel Open(OnnxModelSource source) => ServedModel.Open(context, source, options);
    }

    private static VisionPredictorOptions Checked(VisionPredictorOptions? options)
    {
        options = options?.Clone() ?? new VisionPredictorOptions();
        options.Validate();
        return options;
    }
}
