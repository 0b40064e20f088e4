using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A sweep of heads: the first fit runs the backbone over the photos, the others find its features, in memory and, in another context, in a
/// file.
/// </summary>
internal static class SecondFit
{
    private const int Rounds = 3;

    public static double? Ratio()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetextensions-peers-").FullName;
        try
        {
            var backbone = SharedModels.Read("mobilenetv2_1.0_224_bn");
            Fit(new MLContext(seed: 1), backbone, 50, null);
            var ratios = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                string cache = Path.Combine(folder, $"{round}");
                var ml = new MLContext(seed: 1);
                double first = Fit(ml, backbone, 50, cache),
                    second = Fit(ml, backbone, 20, cache),
                    other = Fit(new MLContext(seed: 1), backbone, 20, cache);
                Console.WriteLine(
                    FormattableString.Invariant(
                        $"round {round}: first fit {first:F2} s, second {second:F2} s, another context's with the file {other:F2} s"
                    )
                );
                ratios.Add(second / first);
            }
            return ratios.Order().ElementAt(Rounds / 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Fit(MLContext ml, Backbone backbone, float strength, string? cache)
    {
        IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        long started = Stopwatch.GetTimestamp();
        using FineTuneTransformer model = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = backbone,
                    ImageColumnName = "ImagePath",
                    HeadL2Regularization = strength,
                    CacheFolder = cache,
                }
            )
            .Fit(data);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
