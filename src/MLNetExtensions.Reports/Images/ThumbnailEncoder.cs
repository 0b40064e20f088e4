using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Resampling;
using MLNetExtensions.Trainers.Augmenting;

namespace MLNetExtensions.Reports.Images;

/// <summary>Makes images small and writes them as data URIs. Not thread-safe.</summary>
/// <param name="size">The longer side in pixels; smaller images keep their size.</param>
internal sealed class ThumbnailEncoder(int size)
{
    // Of photos of 160 pixels, 75 takes 3 to 4 KB, and shows no blocks.
    private const int Quality = 75;
    private const int Channels = 3;

    private readonly PixelDecoder _decoder = new();

    /// <summary>Decodes an image and makes it small.</summary>
    /// <returns>The thumbnail, or the reason why there is none.</returns>
    public Thumbnail Encode(SourceImage source, string? path)
    {
        try
        {
            PlanarImage image = source.Decode(_decoder, Channels);
            double scale = Math.Min(1, (double)size / Math.Max(image.Width, image.Height));
            int width = Math.Max(1, (int)Math.Round(image.Width * scale)),
                height = Math.Max(1, (int)Math.Round(image.Height * scale));
            byte[] planes = image.Planes;
            if (scale < 1)
            {
                planes = new byte[Channels * width * height];
                new CanvasResampler(width, height, ImageResizeMode.Stretch, ResamplingFilter.Bilinear).Run(
                    image.Planes,
                    image.Width,
                    image.Height,
                    planes
                );
            }
            byte[] file = new RasterImage(planes, width, height, Channels).Encode(ImageFileFormat.WebP, Quality);
            return new Thumbnail(path, $"data:image/webp;base64,{Convert.ToBase64String(file)}", width, height)
            {
                FullWidth = image.Width,
                FullHeight = image.Height,
            };
        }
        catch (InvalidImageException e)
        {
            return new Thumbnail(path, Problem: e.Reason);
        }
    }
}
