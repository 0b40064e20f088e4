using System.Globalization;
using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// What static quantization loses. ONNX Runtime's own tool loses 0.50 points on ResNet-20 (min-max and entropy, per channel).
/// </summary>
internal static class Int8Loss
{
    /// <summary>
    /// Points lost on CIFAR-10's 10,000 test images, 512 training images for calibration; null where the file is not 3.4 times smaller, or
    /// slower. Beside it other settings, which are no figure. One thread, so that times are the work's.
    /// </summary>
    public static double? ResNet20()
    {
        var ml = new MLContext(seed: 1);
        IDataView calibration = CifarView.Of(ml, CifarView.Draw(CifarView.Training, 512, seed: 1)),
            test = CifarView.Of(ml, CifarView.Test);
        CompressionReport report = Quantize("default", new QuantizeOptions());
        foreach (
            CalibrationMethod other in new CalibrationMethod[]
            {
                new MinMaxCalibration(),
                new PercentileCalibration(),
                new EntropyCalibration(),
            }
        )
            Quantize(other.GetType().Name, new QuantizeOptions { Calibration = other });
        Quantize("weights of 8 bits", new QuantizeOptions { ReduceRange = false });
        Quantize("unsigned weights", new QuantizeOptions { WeightType = QuantizedType.UInt8 });
        Quantize("signed values", new QuantizeOptions { ActivationType = QuantizedType.Int8 });
        Quantize("signed values, weights of 8 bits", new QuantizeOptions { ActivationType = QuantizedType.Int8, ReduceRange = false });
        return report.SizeRatio >= 3.4 && report.Speedup > 1 ? 100 * report.AccuracyLoss : null;

        CompressionReport Quantize(string name, QuantizeOptions options)
        {
            (options.CalibrationSet, options.EvaluationSet, options.Threads) = (calibration, test, 1);
            CompressedModel quantized = ml.Vision().Quantize(CifarView.ResNet20, options);
            (TimeSpan before, TimeSpan after, double speedup) = LatencyProbe.Compare(
                new CompressionRun(ml, options),
                CifarView.ResNet20.Graph,
                quantized.Model,
                [new float[16 * ImageSet.Size]],
                16
            );
            Console.Write($"{name}: {quantized.Report}");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  16 at a time     {before.TotalMilliseconds:F3} -> {after.TotalMilliseconds:F3} ms a row ({speedup:F2} times faster)"
                )
            );
            return quantized.Report;
        }
    }

    /// <summary>
    /// Points lost on CIFAR-10's 10,000 test images after fine-tuning with the rounding in the network, on 4,096 training images without
    /// their labels.
    /// </summary>
    public static double? ResNet20FineTuned()
    {
        var ml = new MLContext(seed: 1);
        CompressionReport report = ml.Vision()
            .Quantize(
                CifarView.ResNet20,
                new QuantizeOptions
                {
                    CalibrationSet = CifarView.Of(ml, CifarView.Draw(CifarView.Training, 512, seed: 1)),
                    EvaluationSet = CifarView.Of(ml, CifarView.Test),
                    FineTuning = new QuantizationFineTuning
                    {
                        TrainingSet = CifarView.Of(ml, CifarView.Draw(CifarView.Training, 4096, seed: 2)),
                        Epochs = 2,
                    },
                }
            )
            .Report;
        Console.Write(report);
        return 100 * report.AccuracyLoss;
    }

    /// <summary>
    /// Points lost by a linear probe on the flowers, mean of five splits: MobileNetV2 with a head trained on its float features, quantized
    /// whole; the training photos calibrate. Beside it what usual settings lose: min-max, one scale for all channels, biases as they are.
    /// </summary>
    public static double? MobileNetV2()
    {
        const int splits = 5;
        (double ours, double plain) = (0, 0);
        for (int seed = 0; seed < splits; seed++)
        {
            var ml = new MLContext(seed);
            IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
            (IDataView training, IDataView test) = FineTuneAccuracy.Split(ml, photos, seed);
            ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos);
            (training, test) = (keys.Transform(training), keys.Transform(test));
            using FineTuneTransformer model = ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions { Backbone = SharedModels.Read("mobilenetv2_1.0_224_bn"), ImageColumnName = "ImagePath" }
                )
                .Fit(training);
            ours += Quantize(new QuantizeOptions { LatencyBatchSize = seed == 0 ? 1 : 0 });
            plain += Quantize(
                new QuantizeOptions
                {
                    Calibration = new MinMaxCalibration(),
                    PerChannel = false,
                    CorrectBias = false,
                    LatencyBatchSize = 0,
                }
            );

            double Quantize(QuantizeOptions options)
            {
                (options.CalibrationSet, options.EvaluationSet, options.ImageColumnName) = (training, test, "ImagePath");
                CompressionReport report = ml.Vision().Quantize(model.Model, options).Report;
                Console.Write(report);
                return 100 * report.AccuracyLoss!.Value;
            }
        }
        Console.WriteLine($"lost {ours / splits:F2} points; min-max with one scale for all channels {plain / splits:F2}");
        return ours / splits;
    }
}
