using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The transformers of ML.NET that make pixels of an image column: LoadImages, ResizeImages, ExtractPixels.</summary>
internal static class PixelSteps
{
    /// <summary>Appends them.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Has the image column.</param>
    /// <param name="image">The image column.</param>
    /// <param name="preprocessing">Says the canvas.</param>
    /// <param name="pixels">The column of pixels to make: red, green, blue, or for images with alpha what <see cref="StandardPixels"/>
    /// expects.</param>
    /// <param name="decoded">A free name for the image in between.</param>
    /// <param name="temporaries">Receives the columns to drop at the end; the pixels are not among them.</param>
    /// <param name="isTurned">True if images are known to have been turned upright.</param>
    /// <returns>The chain, and the column that holds the whole image before it is resized; null if the column is pixels already.</returns>
    public static (EstimatorChain<ITransformer> Chain, string? Image) Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ImageColumn image,
        ImagePreprocessing preprocessing,
        string pixels,
        string decoded,
        List<string> temporaries,
        bool isTurned
    )
    {
        string source = image.Name;
        switch (image.Type)
        {
            case VectorDataViewType { IsKnownSize: true }:
                return (chain.Append<ITransformer>(context.Transforms.CopyColumns(pixels, image.Name)), null);
            case TextDataViewType when image.UprightWhenSaved:
                if (image.Folder is not null)
                    throw new NotSupportedException(
                        $"Column '{image.Name}': a saved model that turns images upright takes whole paths, or paths from the working "
                            + $"folder of the application that loads "
                            + "it: UprightWhenSaved and ImageFolder do not go together."
                    );
                source = LoadedImage.ColumnName;
                chain = chain
                    .Append<ITransformer>(context.Transforms.CopyColumns(ImagePathSource.ColumnName, image.Name))
                    .Append<ITransformer>(LoadImageFileMapping.Estimator(context));
                temporaries.AddRange([ImagePathSource.ColumnName, LoadedImage.ColumnName]);
                SaveWarning.NeedsPackage(context, $"It turns the images of column '{image.Name}' upright.");
                break;
            case TextDataViewType:
                if (isTurned)
                    SaveWarning.Write(
                        context,
                        $"Images were turned upright by their EXIF orientation. The saved model reads column '{image.Name}' with "
                            + $"ML.NET's LoadImages, which ignores it, "
                            + "and scores such images as they lie in the file. Set UprightWhenSaved, or turn the files upright once."
                    );
                source = decoded + ".loaded";
                temporaries.Add(source);
                chain = chain.Append<ITransformer>(context.Transforms.LoadImages(source, image.Folder ?? "", image.Name));
                break;
            case VectorDataViewType:
                source = LoadedImage.ColumnName;
                chain = chain
                    .Append<ITransformer>(context.Transforms.CopyColumns(EncodedImageSource.ColumnName, image.Name))
                    .Append<ITransformer>(DecodeImageMapping.Estimator(context));
                temporaries.AddRange([EncodedImageSource.ColumnName, LoadedImage.ColumnName]);
                SaveWarning.NeedsPackage(context, $"It decodes the bytes of column '{image.Name}', which no transformer of ML.NET does.");
                break;
        }
        Warn(context, preprocessing);
        temporaries.Add(decoded);
        chain = chain
            .Append<ITransformer>(
                context.Transforms.ResizeImages(
                    decoded,
                    preprocessing.CanvasWidth,
                    preprocessing.CanvasHeight,
                    source,
                    ResizingOf(preprocessing.ResizeMode)
                )
            )
            .Append<ITransformer>(
                context.Transforms.ExtractPixels(
                    pixels,
                    decoded,
                    preprocessing.ChannelCount == 4
                        ? ImagePixelExtractingEstimator.ColorBits.All
                        : ImagePixelExtractingEstimator.ColorBits.Rgb
                )
            );
        return (chain, source);
    }

    private static void Warn(MLContext context, ImagePreprocessing preprocessing)
    {
        if (preprocessing.Interpolation == ImageInterpolation.Standard)
            return;
        SaveWarning.Write(
            context,
            $"The saved model resizes images as ML.NET's ResizeImages does, not with {preprocessing.Interpolation}: "
                + "no transformer of ML.NET has it. Its scores differ a little from those of the model in memory."
        );
    }

    private static ImageResizingEstimator.ResizingKind ResizingOf(ImageResizeMode mode) =>
        mode switch
        {
            ImageResizeMode.Pad => ImageResizingEstimator.ResizingKind.IsoPad,
            ImageResizeMode.Stretch => ImageResizingEstimator.ResizingKind.Fill,
            _ => ImageResizingEstimator.ResizingKind.IsoCrop,
        };
}
