using System.Text;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using SkiaSharp;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>Images of 64x48 with red and green squares on noise, with the squares' boxes (COCO) and masks (0, 1 red, 2 green).</summary>
internal sealed class DrawnSquares : IDisposable
{
    public const int Width = 64,
        Height = 48;

    public static readonly string[] Classes = ["background", "red", "green"];

    private static readonly SKColor[] s_colors = [SKColors.Red, SKColors.Lime];

    private readonly TemporaryFolder _folder = new();

    public DrawnSquares(int count, int seed = 1)
    {
        var random = new Random(seed);
        StringBuilder images = new(),
            annotations = new();
        for (int i = 0; i < count; i++)
        {
            using var image = new SKBitmap(Width, Height);
            using var mask = new SKBitmap(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque);
            for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                image.SetPixel(x, y, new SKColor((byte)random.Next(60, 120), (byte)random.Next(60, 120), (byte)random.Next(60, 120)));
            mask.Erase(SKColors.Black);
            images.Append(
                FormattableString.Invariant($"{(i > 0 ? "," : "")}{{\"id\":{i},\"file_name\":\"{i}.png\",\"width\":64,\"height\":48}}")
            );
            // One in each half, so that none covers another; the first image has none.
            for (int half = 0; half < 2 && i > 0; half++)
            {
                int size = random.Next(12, 24),
                    left = half * 32 + random.Next(32 - size),
                    top = random.Next(Height - size),
                    label = random.Next(2);
                using (var canvas = new SKCanvas(image))
                using (var paint = new SKPaint { Color = s_colors[label] })
                    canvas.DrawRect(left, top, size, size, paint);
                for (int y = top; y < top + size; y++)
                for (int x = left; x < left + size; x++)
                    mask.SetPixel(x, y, new SKColor((byte)(label + 1), (byte)(label + 1), (byte)(label + 1)));
                annotations.Append(
                    FormattableString.Invariant(
                        $"{(annotations.Length > 0 ? "," : "")}{{\"id\":{(2 * i) + half},\"image_id\":{i},\"category_id\":{label + 1},\"bbox\":[{left},{top},{size},{size}],\"area\":{size * size},\"iscrowd\":0}}"
                    )
                );
            }
            _folder.Add($"images/{i}.png", TestImages.Encode(image, SKEncodedImageFormat.Png));
            _folder.Add($"masks/{i}.png", TestImages.Encode(mask, SKEncodedImageFormat.Png));
        }
        _folder.Add(
            "boxes.json",
            Encoding.UTF8.GetBytes(
                $"{{\"images\":[{images}],\"annotations\":[{annotations}],\"categories\":[{{\"id\":1,\"name\":\"red\"}},{{\"id\":2,\"name\":\"green\"}}]}}"
            )
        );
    }

    public string Folder => _folder.Path;

    public IDataView Boxes(MLContext ml) =>
        ml.Data.LoadFromCoco(Path.Combine(Folder, "boxes.json"), new LoadCocoOptions { ImageFolder = Path.Combine(Folder, "images") });

    public IDataView Masks(MLContext ml) =>
        ml.Data.LoadFromMasks(Path.Combine(Folder, "images"), Path.Combine(Folder, "masks"), new LoadMasksOptions { Classes = Classes });

    /// <summary>Writes the masks with other indices.</summary>
    /// <param name="folder">The name of the folder.</param>
    /// <param name="map">The new index of each.</param>
    /// <returns>The name of the folder.</returns>
    public string WriteMasks(string folder, Func<int, int> map)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "masks")))
        {
            using SKBitmap mask = SKBitmap.Decode(file);
            using var mapped = new SKBitmap(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque);
            for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                byte index = (byte)map(mask.GetPixel(x, y).Red);
                mapped.SetPixel(x, y, new SKColor(index, index, index));
            }
            _folder.Add($"{folder}/{Path.GetFileName(file)}", TestImages.Encode(mapped, SKEncodedImageFormat.Png));
        }
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
