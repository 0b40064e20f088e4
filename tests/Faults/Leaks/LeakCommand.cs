using System.Globalization;
using Microsoft.ML;
using MLNetExtensions.Faults.Kills;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.Faults.Leaks;

/// <summary>The command <c>leak</c>: 1,000 fits, 10,000 predictions and 100 predictors leave memory and handles as they were.</summary>
internal static class LeakCommand
{
    /// <param name="args">The part of these numbers, 1 by default.</param>
    public static int Run(string[] args)
    {
        double scale = args is [var text, ..] ? double.Parse(text, CultureInfo.InvariantCulture) : 1;
        string root = Directory.CreateTempSubdirectory("mlnetextensions-leaks-").FullName;
        int leaks = 0;
        try
        {
            var place = new KillPlace(Directory.CreateDirectory(Path.Combine(root, "work")).FullName, Path.Combine(root, "photos"), "");
            KillWork.DrawPhotos(place.Photos);
            MLContext ml = KillWork.Context(place);
            IDataView photos = ml.Data.Cache(KillWork.Photos(ml, place));
            leaks += LeakRun.Measure("fits", (int)(1000 * scale), () => Fit(ml, photos));
            using FineTuneTransformer head = KillWork.Head(ml, place);
            ml.Model.SaveAtomic(head, photos.Schema, place.At("model.zip"));
            leaks += LeakRun.Measure("predictors", (int)(100 * scale), () => Predict(ml, place));
            using (VisionPredictor predictor = ml.Model.CreateVisionPredictor(place.At("model.zip")))
            {
                byte[] photo = File.ReadAllBytes(Directory.GetFiles(place.Photos, "*.png", SearchOption.AllDirectories)[0]);
                leaks += LeakRun.Measure(
                    "predictions",
                    (int)(10_000 * scale),
                    () => _ = predictor.PredictAsync(photo).GetAwaiter().GetResult()
                );
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        Console.WriteLine($"figure leak-handles {leaks}");
        return leaks == 0 ? 0 : 1;
    }

    private static void Fit(MLContext ml, IDataView photos) =>
        ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new KillWork.SmallNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 1,
                    BatchSize = 8,
                    Threads = 1,
                    Seed = 1,
                }
            )
            .Fit(photos)
            .Dispose();

    private static void Predict(MLContext ml, KillPlace place)
    {
        using VisionPredictor predictor = ml.Model.CreateVisionPredictor(place.At("model.zip"));
        string photo = Directory.GetFiles(place.Photos, "*.png", SearchOption.AllDirectories)[0];
        _ = predictor.PredictAsync(photo).GetAwaiter().GetResult();
    }
}
