using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// The transformers of ML.NET that do what a <see cref="ScoringModel"/> does: what a saved model consists of. It loads where only
/// Microsoft.ML, Microsoft.ML.ImageAnalytics, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime are; a column of encoded bytes,
/// which no transformer of ML.NET decodes, also needs MLNetExtensions.SavedSteps.
/// </summary>
internal static class StandardChain
{
    /// <summary>Writes the chain as part of a model.</summary>
    /// <param name="context">Makes the transformers; the ONNX model lies in its temporary folder while they are written.</param>
    /// <param name="model">The model.</param>
    /// <param name="image">The image column.</param>
    /// <param name="task">The meaning of the outputs; null if they are features.</param>
    /// <param name="isTurned">True if images are known to have been turned upright.</param>
    /// <param name="target">The place where the model is saved.</param>
    public static void Save(
        MLContext context,
        ScoringModel model,
        ImageColumn image,
        ScoringTask? task,
        bool isTurned,
        ModelSaveContext target
    )
    {
        context = SavingContext.Of(context);
        OnnxGraph graph = StandardPixels.AreNeeded(model.Preprocessing, image)
            ? StandardPixels.Prepend(model.Graph, model.Names.Pixels)
            : model.Graph;
        using var file = new TemporaryModel(context, ReadableTypes.Of(graph).Save);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(image.Name, image.Type);
        using TransformerChain<ITransformer> chain = Estimator(context, model, image, task, file.Path, isTurned)
            .Fit(new EmptyView(schema.ToSchema()));
        ((ICanSaveModel)chain).Save(target);
    }

    private static EstimatorChain<ITransformer> Estimator(
        MLContext context,
        ScoringModel model,
        ImageColumn image,
        ScoringTask? task,
        string onnxFile,
        bool isTurned
    )
    {
        ScoringNames names = model.Names;
        var temporaries = new List<string> { names.Pixels };
        (EstimatorChain<ITransformer> chain, _) = PixelSteps.Append(
            context,
            new EstimatorChain<ITransformer>(),
            image,
            model.Preprocessing,
            names.Pixels,
            names.Image,
            temporaries,
            isTurned
        );
        chain = task is null
            ? chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output], [names.Pixels], onnxFile))
            : task.Append(context, chain, names, onnxFile, temporaries);
        return chain.Append<ITransformer>(context.Transforms.DropColumns([.. temporaries]));
    }
}
