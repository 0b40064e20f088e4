using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// The peak of resident memory of a frozen fine-tune of 2,000 photos over that of 200, with a budget of 4 MiB for features: it must not
/// grow with the set.
/// </summary>
internal static class FineTuneMemory
{
    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        Backbone backbone = SharedModels.Read("mobilenetv2_1.0_224_bn");
        string[] files =
        [
            .. Directory
                .EnumerateFiles(SharedData.PathOf("data", "flowers"), "*.jpg", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
        Peak(200);
        double few = Peak(200),
            many = Peak(2000);
        Console.WriteLine($"peak of 200 photos {few:F0} MiB, of 2,000 photos {many:F0} MiB");
        return many / few;

        double Peak(int photos)
        {
            IDataView data = ml.Data.LoadFromEnumerable(
                Enumerable
                    .Range(0, photos)
                    .Select(i => new Photo
                    {
                        ImagePath = files[i % files.Length],
                        Label = Path.GetFileName(Path.GetDirectoryName(files[i % files.Length]))!,
                    })
            );
            data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
            GC.Collect();
            PeakMemory.Reset();
            using FineTuneTransformer model = ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = backbone,
                        ImageColumnName = "ImagePath",
                        Epochs = 5,
                        MemoryBudget = 4 << 20,
                    }
                )
                .Fit(data);
            return PeakMemory.Peak;
        }
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
