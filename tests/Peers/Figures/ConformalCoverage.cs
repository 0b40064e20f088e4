using Cifar10;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Uncertainty.Conformal;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// How often conformal sets hold the true class, over 20 splits: a linear head on frozen features, fitted to a part of the rows, calibrated on
/// another and counted on the rest. Of the 200 flowers, each split draws its calibration rows 25 times, because the rest is 61 photos.
/// </summary>
internal static class ConformalCoverage
{
    private const int Splits = 20;

    private const double Promise = 0.9;

    public static double? Error()
    {
        var ml = new MLContext(seed: 1);
        IDataView flowers = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
        double worst = Measure(
            "flowers, MobileNetV2",
            ml,
            Features(ml, flowers, SharedModels.Read("mobilenetv2_1.0_224_bn"), "ImagePath"),
            training: 80,
            calibration: 59,
            draws: 25,
            perClass: false
        );
        return Math.Max(
            worst,
            Measure(
                "CIFAR-10's test images, ResNet-20",
                ml,
                Features(ml, CifarView.Of(ml, CifarView.Test), CifarView.ResNet20, "Image"),
                training: 2000,
                calibration: 999,
                draws: 1,
                perClass: true
            )
        );
    }

    private static IDataView Features(MLContext ml, IDataView images, Backbone backbone, string column)
    {
        IDataView keyed =
            images.Schema["Label"].Type is KeyDataViewType
                ? images
                : ml.Transforms.Conversion.MapValueToKey("Label").Fit(images).Transform(images);
        IDataView features = ml.Transforms.ExtractImageFeatures("Features", column, backbone).Fit(keyed).Transform(keyed);
        return ml.Data.Cache(ml.Transforms.SelectColumns("Features", "Label").Fit(features).Transform(features));
    }

    private static double Measure(string name, MLContext ml, IDataView rows, int training, int calibration, int draws, bool perClass)
    {
        ConformalSetOptions[] settings =
        [
            .. Enum.GetValues<ConformalMethod>()
                .Select(method => new ConformalSetOptions
                {
                    Method = method,
                    Coverage = Promise,
                    NeverEmpty = false,
                }),
            .. perClass
                ? new[]
                {
                    new ConformalSetOptions
                    {
                        ClassConditional = true,
                        Coverage = Promise,
                        NeverEmpty = false,
                    },
                }
                : [],
        ];
        Row[] all =
        [
            .. rows.GetColumn<float[]>("Features")
                .Zip(rows.GetColumn<uint>("Label"), (features, key) => new Row { Features = features, Label = key - 1 }),
        ];
        int classes = (int)((KeyDataViewType)rows.Schema["Label"].Type).Count;
        double[] sums = new double[settings.Length],
            sizes = new double[settings.Length];
        double accuracy = 0;
        for (int split = 0; split < Splits; split++)
        {
            var random = new Random(split);
            Row[] order = [.. all];
            random.Shuffle(order);
            ITransformer head = ml
                .MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                    new LbfgsMaximumEntropyMulticlassTrainer.Options
                    {
                        L2Regularization = 0.1f,
                        MaximumNumberOfIterations = 100,
                        NumberOfThreads = 1,
                    }
                )
                .Fit(View(ml, order[..training], classes));
            for (int draw = 0; draw < draws; draw++)
            {
                Row[] rest = order[training..];
                random.Shuffle(rest);
                IDataView test = head.Transform(View(ml, rest[calibration..], classes)),
                    calibrating = ml.Data.Cache(head.Transform(View(ml, rest[..calibration], classes)));
                accuracy += ml.MulticlassClassification.Evaluate(test).MicroAccuracy;
                for (int i = 0; i < settings.Length; i++)
                {
                    using ConformalSetTransformer sets = ml.MulticlassClassification.ConformalSets(settings[i]).Fit(calibrating);
                    PredictionSetReport report = ml.Vision().ReportSets(sets.Transform(test));
                    sums[i] += report.Coverage;
                    sizes[i] += report.MeanSize;
                }
            }
        }
        double worst = 0;
        double count = Splits * draws;
        Console.WriteLine($"{name}: accuracy {accuracy / count:P1} of the head, {Splits} splits");
        for (int i = 0; i < settings.Length; i++)
        {
            double error = 100 * Math.Abs((sums[i] / count) - Promise);
            Console.WriteLine(
                $"  {settings[i].Method}{(settings[i].ClassConditional ? ", each class" : "")}: coverage {sums[i] / count:P2}, {sizes[i] / count:F2} classes a set"
            );
            worst = Math.Max(worst, error);
        }
        return worst;
    }

    private static IDataView View(MLContext ml, Row[] rows, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        // As members of rows, keys count from 0.
        public uint Label { get; set; }
    }
}
