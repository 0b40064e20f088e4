using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using SkiaSharp;

namespace MLNetExtensions.Reports.Tests;

/// <summary>Drawn scenes with their masks, and masks as a network would predict them: moved, and triangles often taken for circles.</summary>
internal sealed class DrawnMasks(int count) : IDisposable
{
    private readonly ShapeSceneFolder _scenes = new(count, seed: 5, mostObjects: 6);

    public static IReadOnlyList<string> Classes { get; } = ["background", .. ShapeScene.Classes];

    public string Folder => _scenes.Folder;

    public string Images => _scenes.Images;

    /// <summary>ImagePath, MaskPath with the classes, PredictedMask.</summary>
    public IDataView View(MLContext ml)
    {
        IDataView images = ml.Data.LoadFromMasks(_scenes.Images, _scenes.Masks, new LoadMasksOptions { Classes = Classes });
        return ml
            .Transforms.CustomMapping<Masked, Predicted>((row, output) => output.PredictedMask = Predict(row.MaskPath), contractName: null)
            .Fit(images)
            .Transform(images);
    }

    public void Dispose() => _scenes.Dispose();

    /// <summary>The mask, moved by more pixels in later images.</summary>
    private static byte[] Predict(string path)
    {
        int number = int.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture),
            shift = number % 8;
        using SKBitmap mask = SKBitmap.Decode(path);
        byte[] found = new byte[mask.Width * mask.Height];
        for (int y = 0; y < mask.Height; y++)
        for (int x = 0; x < mask.Width; x++)
        {
            byte index = mask.GetPixel(Math.Max(0, x - shift), y).Red;
            found[(y * mask.Width) + x] = index == 3 && number % 2 == 0 ? (byte)1 : index;
        }
        return found;
    }

    private sealed class Masked
    {
        public string MaskPath { get; set; } = "";
    }

    private sealed class Predicted
    {
        public byte[] PredictedMask { get; set; } = [];
    }
}
