using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Turns the pixels of an image into what a network reads.</summary>
internal static class InputTensor
{
    /// <summary>The floats of an image.</summary>
    /// <exception cref="ArgumentException">The image has another size or other channels than the network takes.</exception>
    public static float[] Of(RasterImage image, ImagePreprocessing preprocessing)
    {
        ReadOnlySpan<byte> planes = Cropped(image, preprocessing);
        ReadOnlySpan<int> order = preprocessing.PlaneOrder;
        int count = preprocessing.Width * preprocessing.Height;
        var floats = new float[order.Length * count];
        (int channelStep, int pixelStep) = preprocessing.ChannelsLast ? (1, order.Length) : (count, 1);
        for (int channel = 0; channel < order.Length; channel++)
        {
            ReadOnlySpan<byte> plane = planes.Slice(order[channel] * count, count);
            float mean = preprocessing.Mean[channel],
                deviation = preprocessing.StandardDeviation[channel];
            for (int pixel = 0; pixel < count; pixel++)
                floats[(channel * channelStep) + (pixel * pixelStep)] = ((plane[pixel] * preprocessing.Scale) - mean) / deviation;
        }
        return floats;
    }

    private static ReadOnlySpan<byte> Cropped(RasterImage image, ImagePreprocessing preprocessing)
    {
        (int width, int height) = (preprocessing.Width, preprocessing.Height);
        if (image.Channels == preprocessing.ChannelCount && image.Width == width && image.Height == height)
            return image.Planes;
        CanvasCheck.Throw(image, preprocessing);
        var cropped = new byte[image.Channels * width * height];
        PlanarPixels.Crop(image.Planes, image.Width, preprocessing.CropLeft, preprocessing.CropTop, cropped, width, height);
        return cropped;
    }
}
