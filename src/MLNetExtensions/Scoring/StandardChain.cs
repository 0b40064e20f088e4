using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.MLNet;
using MLNetExtensions.Scoring.Tasks;

namespace MLNetExtensions.Scoring;

/// <summary>
/// The transformers of ML.NET that do what a <see cref="ScoringModel"/> does: what a saved model consists of. It loads where only
/// Microsoft.ML, Microsoft.ML.ImageAnalytics, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime are; a column of encoded bytes, which no
/// transformer of ML.NET decodes, also needs this assembly.
/// </summary>
internal static class StandardChain
{
    /// <summary>Writes the chain as part of a model.</summary>
    /// <param name="context">Makes the transformers; the ONNX model lies in its temporary folder while they are written.</param>
    /// <param name="model">The model.</param>
    /// <param name="image">The picture column.</param>
    /// <param name="task">What the outputs mean; null where they are features.</param>
    /// <param name="target">Where the model is saved.</param>
    public static void Save(MLContext context, ScoringModel model, ImageColumn image, ScoringTask? task, ModelSaveContext target)
    {
        if (model.Preprocessing.Interpolation != ImageInterpolation.Standard && image.Type is not VectorDataViewType { IsKnownSize: true })
        {
            using IChannel channel = ((IHostEnvironment)context).Register("MLNetExtensions").Start("Saving");
            channel.Warning(MessageSensitivity.None, "The saved model resizes pictures as ML.NET's ResizeImages does, not with {0}: " +
                "no transformer of ML.NET has it. Its scores differ a little from those of the model in memory.", model.Preprocessing.Interpolation);
        }
        // ML.NET's ONNX transformer copies its file into the saved model, and would never delete one that it makes itself of a stream.
        string file = Path.Combine(context.TempFilePath ?? Path.GetTempPath(), $"mlnetx-{Guid.NewGuid():N}.onnx");
        try
        {
            model.Graph.Save(file);
            using TransformerChain<ITransformer> chain = Estimator(context, model, image, task, file).Fit(new EmptyView(SchemaOf(image)));
            ((ICanSaveModel)chain).Save(target);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static EstimatorChain<ITransformer> Estimator(
        MLContext context, ScoringModel model, ImageColumn image, ScoringTask? task, string onnxFile)
    {
        ScoringNames names = model.Names;
        var temporaries = new List<string> { names.Pixels };
        EstimatorChain<ITransformer> chain = Pixels(context, model, image, temporaries);
        chain = task is null
            ? chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output], [names.Pixels], onnxFile))
            : task.Append(context, chain, names, onnxFile, temporaries);
        return chain.Append<ITransformer>(context.Transforms.DropColumns([.. temporaries]));
    }

    private static EstimatorChain<ITransformer> Pixels(MLContext context, ScoringModel model, ImageColumn image, List<string> temporaries)
    {
        var chain = new EstimatorChain<ITransformer>();
        string picture = image.Name;
        switch (image.Type)
        {
            case VectorDataViewType { IsKnownSize: true }:
                return chain.Append<ITransformer>(context.Transforms.CopyColumns(model.Names.Pixels, image.Name));
            case TextDataViewType:
                picture = model.Names.Image;
                chain = chain.Append<ITransformer>(context.Transforms.LoadImages(picture, image.Folder ?? "", image.Name));
                break;
            case VectorDataViewType:
                picture = LoadedImage.ColumnName;
                chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(EncodedImageSource.ColumnName, image.Name))
                    .Append<ITransformer>(DecodeImageMapping.Estimator(context));
                temporaries.AddRange([EncodedImageSource.ColumnName, LoadedImage.ColumnName]);
                break;
        }
        temporaries.Add(model.Names.Image);
        return chain
            .Append<ITransformer>(context.Transforms.ResizeImages(model.Names.Image, model.Preprocessing.CanvasWidth, model.Preprocessing.CanvasHeight,
                picture, ResizingOf(model.Preprocessing.ResizeMode)))
            .Append<ITransformer>(context.Transforms.ExtractPixels(model.Names.Pixels, model.Names.Image));
    }

    private static ImageResizingEstimator.ResizingKind ResizingOf(ImageResizeMode mode) => mode switch
    {
        ImageResizeMode.Pad => ImageResizingEstimator.ResizingKind.IsoPad,
        ImageResizeMode.Stretch => ImageResizingEstimator.ResizingKind.Fill,
        _ => ImageResizingEstimator.ResizingKind.IsoCrop,
    };

    private static DataViewSchema SchemaOf(ImageColumn image)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(image.Name, image.Type);
        return builder.ToSchema();
    }
}
