using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The position of a network's pixels in the original image.</summary>
/// <param name="Width">The network's pixels in a row.</param>
/// <param name="Height">Its rows.</param>
/// <param name="CanvasWidth">The width of the resized image, from which the pixels are cropped.</param>
/// <param name="CanvasHeight">Its height.</param>
/// <param name="CropLeft">The left edge of the crop.</param>
/// <param name="CropTop">The top edge of the crop.</param>
/// <param name="ResizeMode">The way the image was resized.</param>
internal readonly record struct ImageFrame(
    int Width,
    int Height,
    int CanvasWidth,
    int CanvasHeight,
    int CropLeft,
    int CropTop,
    ImageResizeMode ResizeMode
)
{
    public static ImageFrame Of(ImagePreprocessing preprocessing) =>
        new(
            preprocessing.Width,
            preprocessing.Height,
            preprocessing.CanvasWidth,
            preprocessing.CanvasHeight,
            preprocessing.CropLeft,
            preprocessing.CropTop,
            preprocessing.ResizeMode
        );

    /// <summary>
    /// Converts an object from the network's pixels to those of the image, undoing crop and resize; clipped at the image's edges.
    /// </summary>
    /// <param name="found">An object in the network's pixels.</param>
    /// <param name="image">The image's size; nothing where it is not known, and then the object stays where it is.</param>
    public Detection InImage(Detection found, ImageSize image)
    {
        if (image.Width == 0)
            return found;
        float scaleX = (float)CanvasWidth / image.Width,
            scaleY = (float)CanvasHeight / image.Height;
        if (ResizeMode != ImageResizeMode.Stretch)
            scaleX = scaleY = ResizeMode == ImageResizeMode.Pad ? Math.Min(scaleX, scaleY) : Math.Max(scaleX, scaleY);
        float left = ((CanvasWidth - (image.Width * scaleX)) / 2) - CropLeft;
        float top = ((CanvasHeight - (image.Height * scaleY)) / 2) - CropTop;
        return found with
        {
            Left = Math.Clamp((found.Left - left) / scaleX, 0, image.Width),
            Right = Math.Clamp((found.Right - left) / scaleX, 0, image.Width),
            Top = Math.Clamp((found.Top - top) / scaleY, 0, image.Height),
            Bottom = Math.Clamp((found.Bottom - top) / scaleY, 0, image.Height),
        };
    }
}
