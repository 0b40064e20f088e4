using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Whether the probabilities of heads on frozen backbones are as often right as they say, without validation rows: the calibration error
/// over the test rows of several splits together (a split's 45 rows alone would show chance in 15 bins), with the options' defaults and
/// without calibration.
/// </summary>
internal static class HeadCalibration
{
    private const int Splits = 5;

    public static double? Flowers()
    {
        double worst = 0;
        foreach (
            string name in (string[])["mobilenetv2_1.0_224_bn", "efficientnet_lite0_224_bn", "squeezenet1.1_224", "darknet_tiny_224_bn"]
        )
            worst = Math.Max(worst, Measure(name));
        return worst;
    }

    private static double Measure(string name)
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
        var backbone = SharedModels.Read(name);
        List<float> honest = [],
            plain = [];
        var labels = new List<int>();
        var temperatures = new List<double>();
        int classes = 0;
        for (int seed = 0; seed < Splits; seed++)
        {
            (IDataView training, IDataView test) = FineTuneAccuracy.Split(ml, photos, seed);
            ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(training);
            using FineTuneTransformer model = ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = backbone,
                        ImageColumnName = "ImagePath",
                        Seed = seed,
                    }
                )
                .Fit(keys.Transform(training));
            TemperatureScaling temperature = model.Result.Temperature!;
            IDataView scored = model.Transform(keys.Transform(test));
            labels.AddRange(scored.GetColumn<uint>("Label").Select(key => (int)key - 1));
            foreach (float[] scores in scored.GetColumn<float[]>("Score"))
            {
                classes = scores.Length;
                honest.AddRange(scores);
                float[] before = new float[classes];
                new TemperatureScaling(1 / temperature.Temperature).ApplyToProbabilities(scores, before, classes);
                plain.AddRange(before);
            }
            temperatures.Add(temperature.Temperature);
        }
        double after = ErrorOf(honest, labels, classes, out double accuracy),
            unchanged = ErrorOf(plain, labels, classes, out double accuracyBefore);
        Console.WriteLine(
            FormattableString.Invariant(
                $"{name}: calibration error {after:F3}, {unchanged:F3} before; accuracy {100 * accuracy:F1} %, {100 * accuracyBefore:F1} % before; T {temperatures.Min():F2} to {temperatures.Max():F2}; {labels.Count} rows"
            )
        );
        return accuracy < accuracyBefore ? double.NaN : after;
    }

    private static double ErrorOf(List<float> probabilities, List<int> labels, int classes, out double accuracy)
    {
        int[] counts = new int[Calibration.BinCount];
        double[] sums = new double[Calibration.BinCount];
        int right = 0;
        for (int row = 0; row < labels.Count; row++)
        {
            List<float> own = probabilities.GetRange(row * classes, classes);
            float confidence = own.Max();
            bool isRight = own.IndexOf(confidence) == labels[row];
            int bin = Math.Clamp((int)Math.Ceiling(confidence * Calibration.BinCount) - 1, 0, Calibration.BinCount - 1);
            (counts[bin], sums[bin], right) = (counts[bin] + 1, sums[bin] + confidence - (isRight ? 1 : 0), right + (isRight ? 1 : 0));
        }
        accuracy = (double)right / labels.Count;
        return sums.Sum(Math.Abs) / labels.Count;
    }
}
