using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>An image of augmented images.</summary>
internal static class PreviewGrid
{
    private const int Gap = 4;

    /// <inheritdoc cref="AugmentationCatalog.PreviewAugmentation"/>
    public static void Write(IDataView data, Augmentation augmentation, string file, AugmentPreviewOptions options)
    {
        int tile = options.TileSize,
            columns = options.Draws + 1,
            channels = SourceImages.ChannelsOf(options.Channels);
        SourceImage[] sources =
        [
            .. SourceImages.Read(data, options.ImageColumnName, null, options.ImageFolder, channels).Take(options.Images),
        ];
        if (sources.Length == 0)
            throw new ArgumentException("There are no rows to show.", nameof(data));
        (int width, int height) = ((columns * (tile + Gap)) - Gap, (sources.Length * (tile + Gap)) - Gap);
        byte[] grid = new byte[channels * width * height];
        Array.Fill(grid, (byte)255);
        var decoder = new PixelDecoder();
        var plan = new AugmentationPlan();
        var work = new WorkingImage();
        for (int row = 0; row < sources.Length; row++)
        {
            PlanarImage image = sources[row].Decode(decoder, channels);
            for (int column = 0; column < columns; column++)
            {
                plan.Begin(image.Width, image.Height, tile, tile);
                // The first column is the image as scoring sees it. Images that no crop brings to the tile's size are resized, not cropped.
                if (column == 0)
                    new CenterCrop().Draw(default, plan);
                else
                    augmentation.Draw(DrawKey.For((ulong)options.Seed, column - 1, sources[row].Row), plan);
                if (plan.Width != tile || plan.Height != tile)
                    new CenterCrop().Draw(default, plan);
                Paste(
                    work.Run(plan, image.Planes, image.Width, image.Height),
                    tile,
                    grid,
                    width,
                    height,
                    column * (tile + Gap),
                    row * (tile + Gap)
                );
            }
        }
        using SKData encoded = ImageEncoder.Encode(grid, width, height, jpegQuality: null);
        TemporaryFile.Write(file, encoded.ToArray());
    }

    private static void Paste(ReadOnlySpan<byte> planes, int tile, byte[] grid, int width, int height, int left, int top)
    {
        for (int channel = 0; channel < planes.Length / (tile * tile); channel++)
        for (int y = 0; y < tile; y++)
            planes.Slice(((channel * tile) + y) * tile, tile).CopyTo(grid.AsSpan((((channel * height) + top + y) * width) + left));
    }
}
