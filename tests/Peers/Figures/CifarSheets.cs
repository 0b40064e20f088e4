using SkiaSharp;

namespace MLNetExtensions.Peers.Figures;

/// <summary>CIFAR-10 as ../shared/data has it: a lossless sheet for each class, 100 tiles of 32 x 32 a row.</summary>
internal static class CifarSheets
{
    private const int Side = 32, TilesPerRow = 100;

    /// <summary>The classes in CIFAR-10's order.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>All pictures of a sheet, planar RGB bytes.</summary>
    public static List<byte[]> Read(string path)
    {
        using SKBitmap sheet = SKBitmap.Decode(path, new SKImageInfo(0, 0, SKColorType.Rgba8888)) is { } any && any.ColorType == SKColorType.Rgba8888
            ? any
            : SKBitmap.Decode(path).Copy(SKColorType.Rgba8888);
        ReadOnlySpan<byte> pixels = sheet.GetPixelSpan();
        var tiles = new List<byte[]>();
        for (int row = 0; row < sheet.Height / Side; row++)
            for (int column = 0; column < TilesPerRow; column++)
            {
                var tile = new byte[3 * Side * Side];
                for (int y = 0; y < Side; y++)
                    for (int x = 0; x < Side; x++)
                        for (int channel = 0; channel < 3; channel++)
                            tile[(channel * Side + y) * Side + x] = pixels[((row * Side + y) * sheet.Width + column * Side + x) * 4 + channel];
                tiles.Add(tile);
            }
        return tiles;
    }
}
