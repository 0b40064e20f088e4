using MLNetExtensions.Imaging;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>The settings that a checkpoint of any trainer must match when a run resumes from it.</summary>
internal static class TrainerSettings
{
    /// <param name="options">The trainer's.</param>
    /// <param name="targets">The targets that outputs are compared with.</param>
    /// <param name="loss">The loss, weighted by class.</param>
    /// <param name="rows">The rows for training and for validation.</param>
    /// <param name="preprocessing">The preprocessing of the network's input.</param>
    /// <returns>The settings by their names.</returns>
    public static Dictionary<string, object?> Of(ImageTrainerOptions options, TrainingTargets targets, Loss loss, RowSplit rows, ImagePreprocessing preprocessing) => new()
    {
        ["Task"] = options.Task,
        ["Labels"] = targets.Fingerprint(),
        ["TrainingRows"] = rows.Training.Length,
        ["ValidationRows"] = rows.Validation.Length,
        ["Preprocessing"] = preprocessing,
        ["Augmentation"] = options.Augmentation,
        ["BatchAugmentation"] = options.BatchAugmentation,
        ["Loss"] = loss,
        ["Distillation"] = options.Distillation is { } d ? $"{d.Temperature} {d.Alpha} {d.HintWeight} {SettingText.OfStructure(d.Teacher.Graph)} {SettingText.OfWeights(d.Teacher.Graph)}" : null,
        ["UseWeightedSampling"] = options.UseWeightedSampling,
        ["BatchSize"] = options.BatchSize,
        ["Schedule"] = options.Schedule,
        ["ReduceOnPlateau"] = options.ReduceOnPlateau,
        ["BatchNorm"] = options.BatchNorm,
        ["ClipGradientNorm"] = options.ClipGradientNorm,
        ["ClipGradientValue"] = options.ClipGradientValue,
        ["GradientAccumulation"] = options.GradientAccumulation,
        ["L1Regularization"] = options.L1Regularization,
        ["L2Regularization"] = options.L2Regularization,
        ["WeightAveraging"] = options.WeightAveraging,
        ["EarlyStopping"] = options.EarlyStopping,
        ["RestoreBestWeights"] = options.RestoreBestWeights,
        ["Precision"] = options.Precision,
    };
}
