using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Tests.Augmentations;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// The operations of tests/Golden/image_ops.npz that agree with Pillow's images, and the EXIF orientations that are laid out right.
/// </summary>
internal static class ImageOps
{
    public static double? Measure()
    {
        using var golden = new GoldenImages();
        using var images = new Npz(GoldenFiles.PathOf("image_ops.npz"));
        int agreeing = 0;
        foreach (GoldenOperation operation in GoldenOperation.All)
            agreeing += Print(operation.Name, operation.Difference(golden), operation.Tolerance);
        for (int orientation = 1; orientation <= 8; orientation++)
            agreeing += Print($"exif/{orientation}", Upright(images, orientation), 3);
        return agreeing;
    }

    private static int Print(string name, double difference, double tolerance)
    {
        Console.WriteLine($"{name, -48} differs by {difference:F2}, at most {tolerance}");
        return difference <= tolerance ? 1 : 0;
    }

    /// <summary>The largest difference of a pixel; two JPEG decoders round differently, an image laid out wrongly is far off.</summary>
    private static int Upright(Npz images, int orientation)
    {
        byte[] upright = images.Bytes($"exif/{orientation}/upright");
        int[] shape = images.Shape($"exif/{orientation}/upright");
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Height = shape[0],
                Width = shape[1],
                CropFraction = 1,
            }
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(images.Bytes($"exif/{orientation}/jpeg"), planes);
        int count = shape[0] * shape[1];
        return Enumerable.Range(0, 3 * count).Max(i => Math.Abs(planes[i % 3 * count + i / 3] - upright[i]));
    }
}
