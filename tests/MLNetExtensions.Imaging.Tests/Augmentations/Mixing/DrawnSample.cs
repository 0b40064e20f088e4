using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Mixing;

/// <summary>Samples with objects of one gray level each: 200 and more, on dark ground; the mask has the gray level too.</summary>
internal static class DrawnSample
{
    public static ImageSample Of(int width, int height, byte ground, params (ImageBox Box, byte Level)[] objects)
    {
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, ground);
        byte[] mask = [.. pixels];
        foreach ((ImageBox box, byte level) in objects)
            for (int y = (int)box.Top; y < box.Bottom; y++)
            for (int x = (int)box.Left; x < box.Right; x++)
                (pixels[(y * width) + x], mask[(y * width) + x]) = (level, level);
        return new ImageSample(new RasterImage(width, height, 1, pixels))
        {
            Boxes = [.. objects.Select(o => o.Box with { Class = o.Level })],
            Mask = new RasterImage(width, height, 1, mask),
        };
    }

    /// <summary>The box of the mask's pixels of a level; null where there are none.</summary>
    public static ImageBox? BoxOf(ImageSample sample, byte level)
    {
        int width = sample.Image.Width;
        byte[] mask = sample.Mask!.Planes.ToArray();
        int[] found = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == level)];
        return found.Length == 0
            ? null
            : new ImageBox(
                found.Min(i => i % width),
                found.Min(i => i / width),
                found.Max(i => i % width) + 1,
                found.Max(i => i / width) + 1,
                level
            );
    }

    /// <summary>True if no edge differs by more than a pixel.</summary>
    public static bool IsNear(ImageBox one, ImageBox other) =>
        Math.Abs(one.Left - other.Left) <= 1.01f
        && Math.Abs(one.Top - other.Top) <= 1.01f
        && Math.Abs(one.Right - other.Right) <= 1.01f
        && Math.Abs(one.Bottom - other.Bottom) <= 1.01f;
}
