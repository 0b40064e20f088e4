using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Reports.Tests;

/// <summary>The result and the options of a training run that never was.</summary>
internal static class DrawnRun
{
    /// <summary>A head of 12 epochs, then a backbone of 8; the best epoch is the 17th.</summary>
    public static TrainingResult Result { get; } =
        new()
        {
            History = new TrainingHistory
            {
                Epochs = [.. Enumerable.Range(0, 20).Select(Epoch)],
                StopReason = StopReason.EarlyStopped,
                StopMessage = "the validation loss did not improve for 3 epochs",
                BestEpoch = 16,
                Runtime = "TorchSharp 0.107.0, libtorch 2.10.0",
                Device = "CPU, 2 threads, float32",
            },
            TrainingRows = 2400,
            ValidationRows = 300,
            InvalidImages = [new InvalidImage(17, "photos/broken.jpg", "it is truncated: the data end before the image does")],
            Temperature = new TemperatureScaling(1.31),
            Warnings = ["Class 'roses' has 3 training rows: collect more, or set BalanceClasses."],
        };

    public static FineTuneOptions Options { get; } =
        new()
        {
            TrainableLayers = FineTuneLayers.LastStages(2),
            BatchSize = 32,
            Optimizer = new AdamW(),
            BalanceClasses = true,
            ValidationFraction = 0.1f,
            Seed = 5,
        };

    private static EpochResult Epoch(int i)
    {
        bool isHead = i < 12;
        double loss = isHead ? 0.5 + (1.1 * Math.Exp(-i / 3.0)) : 0.18 + (0.3 * Math.Exp(-(i - 12) / 2.5));
        double validation = isHead ? loss + 0.06 : 0.33 + (0.25 * Math.Exp(-(i - 12) / 1.8)) + (0.012 * Math.Max(0, i - 16));
        return new EpochResult(
            isHead ? TrainingPhase.Head : TrainingPhase.Backbone,
            isHead ? i + 1 : i - 11,
            loss,
            validation,
            1 - (validation / 2.6),
            isHead ? 1e-3f : 2e-4f,
            TimeSpan.FromSeconds(isHead ? 0.4 : 11.5)
        )
        {
            DataWait = TimeSpan.FromSeconds(isHead ? 0 : 0.3),
        };
    }
}
