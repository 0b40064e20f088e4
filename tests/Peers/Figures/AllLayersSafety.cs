using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Three epochs with all layers in training, by the options' defaults, of networks as they are found: with BatchNorm, without it, and with
/// it folded into the convolutions, which are then of very different sizes. Counts those whose loss at the end is not above that of the
/// start. Small images, for the time.
/// </summary>
internal static class AllLayersSafety
{
    private const int Side = 96,
        Epochs = 3;

    public static double? Fraction()
    {
        (string Name, bool Fold)[] networks =
        [
            ("squeezenet1.1_224", false),
            ("mobilenetv2_1.0_224_bn", false),
            ("mobilenetv2_1.0_224_bn", true),
            ("efficientnet_lite0_224_bn", true),
            ("darknet_tiny_224_bn", false),
            ("darknet_tiny_224_bn", true),
        ];
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
        (IDataView training, IDataView test) = FineTuneAccuracy.Split(ml, photos, 1);
        ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(training);
        int safe = 0;
        foreach ((string name, bool fold) in networks)
        {
            var file = SharedModels.Read(name);
            ImagePreprocessing preprocessing = file.Preprocessing with { Width = Side, Height = Side };
            Backbone backbone = Backbone.FromGraph(
                fold ? BatchNormFolding.Apply(file.Graph) : file.Graph,
                preprocessing,
                name + (fold ? ", folded" : "")
            );
            using FineTuneTransformer model = ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = backbone,
                        ImageColumnName = "ImagePath",
                        TrainableLayers = FineTuneLayers.All,
                        Epochs = Epochs,
                        Seed = 1,
                    }
                )
                .Fit(keys.Transform(training));
            EpochResult[] epochs = [.. model.Result.History.Epochs];
            double head = epochs.Last(e => e.Phase == TrainingPhase.Head).TrainLoss,
                last = model.Result.History.BestEpoch < 0 ? head : epochs[model.Result.History.BestEpoch].TrainLoss;
            double accuracy = ml.MulticlassClassification.Evaluate(model.Transform(keys.Transform(test))).MicroAccuracy;
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{backbone.Name}: head {head:F3}; epochs {string.Join(" ", epochs.Where(e => e.Phase == TrainingPhase.Backbone).Select(e => e.TrainLoss.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)))}; accuracy {100 * accuracy:F1} %; {string.Join(" | ", model.Result.Warnings)}"
                )
            );
            if (last <= 1.05 * head)
                safe++;
        }
        return (double)safe / networks.Length;
    }
}
