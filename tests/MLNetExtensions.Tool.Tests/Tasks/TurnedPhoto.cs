using MLNetExtensions.TestData;
using SkiaSharp;

namespace MLNetExtensions.Tool.Tests.Tasks;

/// <summary>Photos as a camera stores them that was held upside down.</summary>
internal static class TurnedPhoto
{
    /// <summary>A tag of EXIF: orientation 3, half a turn.</summary>
    private static readonly byte[] UpsideDown = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Replaces a PNG file by one whose pixels lie upside down, with the tag that says so.</summary>
    public static void Replace(string path)
    {
        using SKBitmap upright = SKBitmap.Decode(path);
        using var turned = new SKBitmap(upright.Info);
        for (int y = 0; y < upright.Height; y++)
        for (int x = 0; x < upright.Width; x++)
            turned.SetPixel(upright.Width - 1 - x, upright.Height - 1 - y, upright.GetPixel(x, y));
        using SKData png = turned.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, PngFile.WithChunk(png.ToArray(), "eXIf"u8, UpsideDown, beforePixels: true));
    }
}
