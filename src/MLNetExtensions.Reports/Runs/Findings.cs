using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Imaging;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports.Runs;

/// <summary>What is to be looked at, with the remedy.</summary>
internal static class Findings
{
    private const int FewRows = 10;
    private const double LargeCalibrationError = 0.1;
    private const int RowsForCalibration = 100;
    private const int MostNames = 5;
    private const double LargeErrorCost = 0.1;

    /// <summary>The warnings of the data and of the training run.</summary>
    public static IEnumerable<WarningContent> OfRun(DataInspection? inspection, TrainingResult? training)
    {
        foreach (string warning in inspection?.Warnings ?? [])
            yield return new WarningContent("data", warning);
        if (training is null)
            yield break;
        if (training.InvalidImages.Count > 0)
        {
            InvalidImage first = training.InvalidImages[0];
            yield return new WarningContent(
                "data",
                $"Images of the training data that could not be read and were left out: {training.InvalidImages.Count}. Repair them or "
                    + $"take them out. The first is {first.Path ?? $"row {first.Row}"}: {first.Reason}."
            );
        }
        foreach (string warning in training.Warnings)
            yield return new WarningContent("training", warning);
        TrainingHistory history = training.History;
        if (history.StopReason is StopReason.NotFiniteLoss)
            yield return new WarningContent(
                "training",
                $"Training ended because the loss was not finite any more ({history.StopMessage}): lower the learning rate, or set "
                    + "ClipGradientNorm."
            );
        if (history.StopReason is StopReason.Canceled)
            yield return new WarningContent(
                "training",
                "Training was canceled: the model is the best one so far. Train on for a better one."
            );
        bool isTrainedWhole = history.Epochs is [.., { Phase: not TrainingPhase.Head, ValidationLoss: not null }];
        if (
            history.StopReason == StopReason.Completed
            && isTrainedWhole
            && history.Epochs.Count > 2
            && history.BestEpoch == history.Epochs.Count - 1
        )
            yield return new WarningContent("training", "The best epoch is the last one: more epochs may give a better model.");
    }

    /// <summary>The warnings that follow from a classifier's figures.</summary>
    public static IEnumerable<WarningContent> Of(ClassificationContent result, long rows)
    {
        if (result.Accuracy <= result.Baseline.Accuracy)
            yield return Result(
                $"The model is not better than the answer '{result.Baseline.Class}' to every row: check the labels and the preprocessing, "
                    + "train for longer, or train more layers."
            );
        List<string> absent = [.. result.Classes.Where(c => c.Support == 0).Select(c => c.Name)];
        if (absent.Count > 0)
            yield return Result($"{Classes(absent)} no rows here, so nothing is known about them: add test rows of them.");
        List<string> small = [.. result.Classes.Where(c => c.Support is > 0 and < FewRows).Select(c => $"{c.Name} {c.Support}")];
        if (small.Count > 0)
            yield return Result(
                $"{Classes(small)} fewer than {FewRows} rows here, so their figures are little more than chance: add test rows."
            );
        List<string> unpredicted = [.. result.Classes.Where(c => c is { Predicted: 0, Support: > 0 }).Select(c => c.Name)];
        if (unpredicted.Count > 0)
            yield return Result(
                $"{Count(unpredicted.Count)} never predicted ({Names(unpredicted)}): add training rows, or set BalanceClasses."
            );
        if (result.ExpectedCalibrationError > LargeCalibrationError && rows >= RowsForCalibration)
            yield return Result(
                $"The probabilities are off by {100 * result.ExpectedCalibrationError:F0} points on average: set CalibrateProbabilities, or "
                    + "correct them with FitTemperature."
            );
    }

    /// <summary>The warnings that follow from the figures of a model of several labels.</summary>
    public static IEnumerable<WarningContent> Of(MultiLabelContent result)
    {
        if (result.LogLoss >= result.Baseline.LogLoss)
            yield return Result(
                "The model is not better than the labels' frequencies for every row: check the labels and the preprocessing, train for "
                    + "longer, or train more layers."
            );
        List<string> absent = [.. result.Labels.Where(label => label.Support == 0).Select(label => label.Name)];
        if (absent.Count > 0)
            yield return Result($"{Labels(absent)} no rows here, so nothing is known about them: add test rows of them.");
        List<string> small = [.. result.Labels.Where(c => c.Support is > 0 and < FewRows).Select(c => $"{c.Name} {c.Support}")];
        if (small.Count > 0)
            yield return Result(
                $"{Labels(small)} fewer than {FewRows} rows here, so their figures are little more than chance: add test rows."
            );
        List<string> unpredicted = [.. result.Labels.Where(c => c is { Predicted: 0, Support: > 0 }).Select(c => c.Name)];
        if (unpredicted.Count > 0)
            yield return Result(
                $"Labels that are never predicted: {Names(unpredicted)}. Add training rows of them, or lower Threshold "
                    + $"({result.Threshold:G3})."
            );
    }

    /// <summary>The warnings that follow from a regression's figures.</summary>
    public static IEnumerable<WarningContent> Of(RegressionContent result)
    {
        if (result.RootMeanSquaredError >= result.Baseline.RootMeanSquaredError)
            yield return Result(
                "The model is not better than the labels' mean for every row: check the labels and the preprocessing, train for longer, or "
                    + "train more layers."
            );
        if (Math.Abs(result.Bias) > result.RootMeanSquaredError / 2 && result.RootMeanSquaredError > 0)
            yield return Result(
                $"The predictions are too {(result.Bias > 0 ? "large" : "small")} by {Math.Abs(result.Bias):G4} on average: the rows here may "
                    + "differ from those of training, or the model needs more training."
            );
    }

    /// <summary>The warnings that follow from a detector's figures.</summary>
    public static IEnumerable<WarningContent> Of(DetectionContent result)
    {
        List<string> absent = [.. result.Classes.Where(c => c.Support == 0).Select(c => c.Name)];
        if (absent.Count > 0)
            yield return Result($"{Without(absent, "objects")} here, so nothing is known about them: add test images with them.");
        List<string> small = [.. result.Classes.Where(c => c.Support is > 0 and < FewRows).Select(c => $"{c.Name} {c.Support}")];
        if (small.Count > 0)
            yield return Result(
                $"{Classes(small)} fewer than {FewRows} objects here, so their figures are little more than chance: add test images."
            );
        List<string> unpredicted = [.. result.Classes.Where(c => c is { Predicted: 0, Support: > 0 }).Select(c => c.Name)];
        if (unpredicted.Count > 0)
            yield return Result(
                $"{Count(unpredicted.Count)} never found ({Names(unpredicted)}): add training images, train for longer, or enlarge the "
                    + "network's image."
            );
        if (result.Errors.MaxBy(error => error.Cost) is { Cost: > LargeErrorCost } worst)
            yield return Result($"{worst.Name} costs most, {100 * worst.Cost:F0} points of mAP ({worst.Meaning}): {RemedyOf(worst.Name)}.");
    }

    /// <summary>The warnings that follow from the figures of a segmentation network.</summary>
    public static IEnumerable<WarningContent> Of(SegmentationContent result)
    {
        if (result.MeanIoU <= result.Baseline.MeanIoU)
            yield return Result(
                $"The model is not better than the answer '{result.Baseline.Class}' for every pixel: check the masks and the classes' order, or "
                    + "train for longer."
            );
        List<string> absent = [.. result.Classes.Where(c => c.Support == 0).Select(c => c.Name)];
        if (absent.Count > 0)
            yield return Result($"{Without(absent, "pixels")} here, so nothing is known about them: add test images with them.");
        List<string> unpredicted = [.. result.Classes.Where(c => c is { Predicted: 0, Support: > 0 }).Select(c => c.Name)];
        if (unpredicted.Count > 0)
            yield return Result(
                $"{Count(unpredicted.Count)} never predicted ({Names(unpredicted)}): set DiceWeight or ClassWeights, or add training images."
            );
    }

    private static string RemedyOf(string error) =>
        error switch
        {
            "Classification" => "look at the labels of the classes that are taken for each other, or add training images of them",
            "Localization" => "enlarge the network's image, look at how tight the boxes of the data are, or train for longer",
            "Duplicate" => "lower IouThreshold",
            "Background" => "add training images without objects, and look at the worst images for objects without a box",
            "Missed" => "enlarge the network's image for small objects, add training images, or look for wrong boxes in the data",
            _ => "train for longer, or add training images",
        };

    private static string Without(List<string> names, string what) =>
        $"{names.Count} {(names.Count == 1 ? "class has" : "classes have")} ({Names(names)}) no {what}";

    private static string Classes(List<string> names) =>
        $"{names.Count} {(names.Count == 1 ? "class has" : "classes have")} ({Names(names)})";

    private static string Labels(List<string> names) =>
        $"{names.Count} {(names.Count == 1 ? "label has" : "labels have")} ({Names(names)})";

    private static string Count(int count) => count == 1 ? "1 class is" : $"{count} classes are";

    private static WarningContent Result(string text) => new("result", text);

    private static string Names(List<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
