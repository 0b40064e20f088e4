using Cifar10;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Images beside a number: the class is that of a CIFAR-10 image together with one of two weights, which overlap. Neither tells it alone.
/// </summary>
internal static class MultimodalGain
{
    private const int Rows = 3_000,
        TestRows = 1_000;

    /// <summary>Points of accuracy more than the better of both alone, on other rows.</summary>
    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        IDataView training = View(ml, CifarView.Draw(CifarView.Training, Rows, seed: 1), seed: 1),
            test = View(ml, CifarView.Draw(CifarView.Test, TestRows, seed: 1), seed: 2);
        double both = Accuracy("Image", "Weight"),
            image = Accuracy("Image"),
            weight = Accuracy("Weight");
        Console.WriteLine($"together {both:F1} %, image alone {image:F1} %, number alone {weight:F1} %");
        return both - Math.Max(image, weight);

        double Accuracy(params string[] inputs)
        {
            IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey("Label");
            foreach (string input in inputs)
                pipeline =
                    input == "Image"
                        ? pipeline
                            .Append(ml.Transforms.ExtractImageFeatures("ImageFeatures", "Image", CifarView.ResNet20))
                            .Append(ml.Transforms.NormalizeMeanVariance("ImageFeatures", fixZero: false))
                        : pipeline.Append(ml.Transforms.NormalizeMeanVariance("WeightFeatures", "Weight", fixZero: false));
            ITransformer model = pipeline
                .Append(ml.Transforms.Concatenate("Features", [.. inputs.Select(i => $"{i}Features")]))
                .AppendCacheCheckpoint(ml)
                .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l2Regularization: 0.1f))
                .Fit(training);
            return 100 * ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        }
    }

    private static IDataView View(MLContext ml, ImageSet set, int seed)
    {
        var random = new Random(seed);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, set.Count)
                .Select(i =>
                {
                    bool isHeavy = random.Next(2) == 1;
                    var row = new Row
                    {
                        Weight = (isHeavy ? 3 : 1) + (float)(random.NextDouble() + random.NextDouble()),
                        Label = $"{ImageSet.Classes[set.Labels[i]]} {(isHeavy ? "heavy" : "light")}",
                    };
                    PlanarPixels.ToSingle(set.Pixels.AsSpan(i * ImageSet.Size, ImageSet.Size), row.Image);
                    return row;
                })
                .ToArray()
        );
    }

    private sealed class Row
    {
        [VectorType(ImageSet.Channels, ImageSet.Side, ImageSet.Side)]
        public float[] Image { get; set; } = new float[ImageSet.Size];

        public float Weight { get; set; }

        public string Label { get; set; } = "";
    }
}
