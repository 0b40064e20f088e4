using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The transformers of ML.NET that make pixels of a picture column: LoadImages, ResizeImages, ExtractPixels.</summary>
internal static class PixelSteps
{
    /// <summary>Appends them.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Has the picture column.</param>
    /// <param name="image">The picture column.</param>
    /// <param name="preprocessing">Says the canvas.</param>
    /// <param name="pixels">The column of pixels to make: red, green, blue, or for images with alpha what <see cref="StandardPixels"/> expects.</param>
    /// <param name="picture">A free name for the picture in between.</param>
    /// <param name="temporaries">Gets the columns to drop at the end; the pixels are not among them.</param>
    /// <returns>The chain, and the column that holds the whole picture before it is resized; null where the column is pixels already.</returns>
    public static (EstimatorChain<ITransformer> Chain, string? Picture) Append(
        MLContext context, EstimatorChain<ITransformer> chain, ImageColumn image, ImagePreprocessing preprocessing, string pixels, string picture, List<string> temporaries)
    {
        string source = image.Name;
        switch (image.Type)
        {
            case VectorDataViewType { IsKnownSize: true }:
                return (chain.Append<ITransformer>(context.Transforms.CopyColumns(pixels, image.Name)), null);
            case TextDataViewType:
                source = picture + ".loaded";
                temporaries.Add(source);
                chain = chain.Append<ITransformer>(context.Transforms.LoadImages(source, image.Folder ?? "", image.Name));
                break;
            case VectorDataViewType:
                source = LoadedImage.ColumnName;
                chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(EncodedImageSource.ColumnName, image.Name))
                    .Append<ITransformer>(DecodeImageMapping.Estimator(context));
                temporaries.AddRange([EncodedImageSource.ColumnName, LoadedImage.ColumnName]);
                break;
        }
        Warn(context, preprocessing);
        temporaries.Add(picture);
        chain = chain
            .Append<ITransformer>(context.Transforms.ResizeImages(picture, preprocessing.CanvasWidth, preprocessing.CanvasHeight, source, ResizingOf(preprocessing.ResizeMode)))
            .Append<ITransformer>(context.Transforms.ExtractPixels(pixels, picture, preprocessing.ChannelCount == 4
                ? ImagePixelExtractingEstimator.ColorBits.All : ImagePixelExtractingEstimator.ColorBits.Rgb));
        return (chain, source);
    }

    private static void Warn(MLContext context, ImagePreprocessing preprocessing)
    {
        if (preprocessing.Interpolation == ImageInterpolation.Standard)
            return;
        using IChannel channel = ((IHostEnvironment)context).Register("MLNetExtensions").Start("Saving");
        channel.Warning(MessageSensitivity.None, "The saved model resizes pictures as ML.NET's ResizeImages does, not with {0}: " +
            "no transformer of ML.NET has it. Its scores differ a little from those of the model in memory.", preprocessing.Interpolation);
    }

    private static ImageResizingEstimator.ResizingKind ResizingOf(ImageResizeMode mode) => mode switch
    {
        ImageResizeMode.Pad => ImageResizingEstimator.ResizingKind.IsoPad,
        ImageResizeMode.Stretch => ImageResizingEstimator.ResizingKind.Fill,
        _ => ImageResizingEstimator.ResizingKind.IsoCrop,
    };
}
