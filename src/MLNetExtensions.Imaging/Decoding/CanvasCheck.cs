namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Checks that an image was read for a network.</summary>
internal static class CanvasCheck
{
    /// <exception cref="ArgumentException">The image has another size or other channels than
    /// <see cref="RasterImage.Load(string, ImagePreprocessing)"/> gives.</exception>
    public static void Throw(RasterImage image, ImagePreprocessing preprocessing)
    {
        (int width, int height, int channels) = (preprocessing.CanvasWidth, preprocessing.CanvasHeight, preprocessing.ChannelCount);
        if (image.Width != width || image.Height != height || image.Channels != channels)
            throw new ArgumentException(
                $"The image has {image}; for this network of {preprocessing.Width} x {preprocessing.Height} "
                    + $"({preprocessing.ResizeMode}, {preprocessing.Channels}) "
                    + $"it must have {width} x {height} pixels and {channels} channels. Read it with "
                    + $"{nameof(RasterImage)}.{nameof(RasterImage.Load)}(path, preprocessing).",
                nameof(image)
            );
    }
}
