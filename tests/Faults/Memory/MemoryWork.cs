using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Faults.Kills;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Reports;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Memory;

/// <summary>A kind of work on photos of 12 million pixels, with a network for images of 224 x 224.</summary>
/// <param name="Name">The name.</param>
/// <param name="Run">Does it; a folder of photos is given, and the context.</param>
internal sealed record MemoryWork(string Name, Action<MLContext, string> Run)
{
    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    private const int Width = 4000,
        Height = 3000,
        Photos = 40;

    public static IReadOnlyList<MemoryWork> All { get; } =
    [
        new("fine-tune, head", (ml, photos) => Fit(ml, photos, FineTuneLayers.Head, 16).Dispose()),
        new("fine-tune, all layers, batches of 8", (ml, photos) => Fit(ml, photos, FineTuneLayers.All, 8).Dispose()),
        new("fine-tune, all layers, batches of 40", (ml, photos) => Fit(ml, photos, FineTuneLayers.All, 40).Dispose()),
        new("fine-tune, all layers, batches of 128", (ml, photos) => Fit(ml, Many(ml, photos), FineTuneLayers.All, 128).Dispose()),
        new("score, evaluate, report", Report),
        new("serve with VisionPredictor", Serve),
        new("quantize", Quantize),
    ];

    /// <summary>Writes the photos.</summary>
    public static void DrawPhotos(string folder)
    {
        byte[] planes = new byte[3 * Width * Height];
        for (int i = 0; i < Photos; i++)
        {
            bool isBright = i % 2 == 0;
            for (int p = 0; p < planes.Length; p++)
                planes[p] = (byte)((p * (i + 3) / Width % 100) + (isBright ? 150 : 0));
            string target = Directory.CreateDirectory(Path.Combine(folder, isBright ? "bright" : "dark")).FullName;
            new RasterImage(Width, Height, 3, planes).Save(Path.Combine(target, $"{i}.jpg"));
        }
    }

    /// <summary>A folder with each photo four times.</summary>
    private static string Many(MLContext ml, string photos)
    {
        string many = Path.Combine(ml.TempFilePath, "many");
        foreach (string photo in Directory.GetFiles(photos, "*.jpg", SearchOption.AllDirectories))
            for (int i = 0; i < 4; i++)
            {
                string target = Path.Combine(many, Path.GetFileName(Path.GetDirectoryName(photo)!));
                Directory.CreateDirectory(target);
                File.Copy(photo, Path.Combine(target, $"{i}-{Path.GetFileName(photo)}"), overwrite: true);
            }
        return many;
    }

    private static FineTuneTransformer Fit(MLContext ml, string photos, FineTuneLayers layers, int batch) =>
        ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromPackage(Package),
                    ImageColumnName = "ImagePath",
                    TrainableLayers = layers,
                    FreezeEpochs = 2,
                    Epochs = 1,
                    BatchSize = batch,
                    Seed = 1,
                }
            )
            .Fit(Load(ml, photos));

    private static IDataView Load(MLContext ml, string photos) => KillWork.Photos(ml, new KillPlace("", photos, ""));

    private static void Report(MLContext ml, string photos)
    {
        using FineTuneTransformer model = Fit(ml, photos, FineTuneLayers.Head, 16);
        ml.Vision().WriteReport(model.Transform(Load(ml, photos)), Path.Combine(ml.TempFilePath, "report.html"));
    }

    private static void Serve(MLContext ml, string photos)
    {
        string file = Path.Combine(ml.TempFilePath, "model.zip");
        using (FineTuneTransformer model = Fit(ml, photos, FineTuneLayers.Head, 16))
            ml.Model.SaveAtomic(model, Load(ml, photos).Schema, file);
        using VisionPredictor predictor = ml.Model.CreateVisionPredictor(file);
        byte[] photo = File.ReadAllBytes(Directory.GetFiles(photos, "*.jpg", SearchOption.AllDirectories)[0]);
        for (int i = 0; i < 4; i++)
            Task.WhenAll(Enumerable.Range(0, 64).Select(_ => predictor.PredictAsync(photo))).GetAwaiter().GetResult();
    }

    private static void Quantize(MLContext ml, string photos)
    {
        using FineTuneTransformer model = Fit(ml, photos, FineTuneLayers.Head, 16);
        ml.Vision().Quantize(model.Model, new QuantizeOptions { CalibrationSet = Load(ml, photos), ImageColumnName = "ImagePath" });
    }
}
