using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.MLNet;

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
    /// <param name="label">The predicted label column and its classes; null for a model without one.</param>
    /// <param name="target">Where the model is saved.</param>
    public static void Save(MLContext context, ScoringModel model, ImageColumn image, (string Column, ClassLabels Classes)? label, ModelSaveContext target)
    {
        // ML.NET's ONNX transformer copies its file into the saved model, and would never delete one that it makes itself of a stream.
        string file = Path.Combine(context.TempFilePath ?? Path.GetTempPath(), $"mlnetx-{Guid.NewGuid():N}.onnx");
        try
        {
            model.Graph.Save(file);
            using TransformerChain<ITransformer> chain = Estimator(context, model, image, label, file).Fit(new EmptyView(SchemaOf(image)));
            ((ICanSaveModel)chain).Save(target);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static EstimatorChain<ITransformer> Estimator(
        MLContext context, ScoringModel model, ImageColumn image, (string Column, ClassLabels Classes)? label, string onnxFile)
    {
        ScoringNames names = model.Names;
        var temporaries = new List<string> { names.Pixels };
        EstimatorChain<ITransformer> chain = Pixels(context, model, image, temporaries);
        if (label is null)
            chain = chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output], [names.Pixels], onnxFile));
        else
        {
            chain = chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel([names.Output, names.LabelText], [names.Pixels], onnxFile));
            chain = Label(context, chain, names, label.Value.Column, label.Value.Classes);
            temporaries.AddRange([names.LabelText, names.LabelHash]);
        }
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

    /// <summary>
    /// The ONNX transformer makes vectors only, the class a vector of one text; a key must be a scalar. Hashing a vector into one value is
    /// ML.NET's way from one to the other; the hash of each class is known, so a map makes the key of it.
    /// </summary>
    private static EstimatorChain<ITransformer> Label(
        MLContext context, EstimatorChain<ITransformer> chain, ScoringNames names, string column, ClassLabels classes)
    {
        IDataView view = classes.ToView(context, names.LabelText, column);
        for (uint seed = 1; ; seed++)
        {
            HashingEstimator hash = context.Transforms.Conversion.Hash(
                new HashingEstimator.ColumnOptions(names.LabelHash, names.LabelText, numberOfBits: 31, seed: seed, combine: true));
            IDataView lookup = hash.Fit(view).Transform(view);
            if (lookup.GetColumn<uint>(names.LabelHash).Distinct().Count() < classes.Count)
                continue; // two classes met in one hash: another seed parts them
            return chain.Append<ITransformer>(hash).Append<ITransformer>(context.Transforms.Conversion.MapValue(
                column, lookup, lookup.Schema[names.LabelHash], lookup.Schema[column], names.LabelHash));
        }
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
