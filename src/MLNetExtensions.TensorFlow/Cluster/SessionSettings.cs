using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>The settings that all workers' sessions must share: everything that an update depends on besides the rows.</summary>
internal static class SessionSettings
{
    /// <summary>The settings as texts.</summary>
    public static Dictionary<string, string> Of(
        OnnxGraph network,
        OnnxTensor[] trainable,
        IEnumerable<OnnxTensor> state,
        TrainingSessionOptions options,
        TensorFlowCluster cluster
    ) =>
        new()
        {
            ["the list of workers"] = string.Join(' ', cluster.Workers),
            ["the network"] = SettingText.OfStructure(network),
            // Frozen weights may have been computed (means of features), and differ in the last bit from one kind of processor to another.
            ["the hash of its first weights"] = SettingText.OfWeights([.. trainable, .. state]),
            ["the list of trained parameters"] = string.Join(' ', trainable.Select(t => t.Name)),
            [nameof(options.ParameterGroups)] = string.Join(
                ' ',
                options
                    .ParameterGroups.OrderBy(s => s.Key, StringComparer.Ordinal)
                    .Select(s => $"{s.Key}: {s.Value.LearningRate:R}, {s.Value.WeightDecay:R}")
            ),
            [nameof(options.Optimizer)] = SettingText.Of(options.Optimizer),
            [nameof(options.Loss)] = SettingText.Of(options.Loss),
            [nameof(options.BatchNorm)] = SettingText.Of(options.BatchNorm),
            [nameof(options.Dropout)] = SettingText.Of(options.Dropout),
            [nameof(options.GradientAccumulation)] = SettingText.Of(options.GradientAccumulation),
            [nameof(options.L1)] = SettingText.Of(options.L1),
            [nameof(options.L2)] = SettingText.Of(options.L2),
            [nameof(options.ClipGradientValue)] = SettingText.Of(options.ClipGradientValue),
            [nameof(options.ClipGradientNorm)] = SettingText.Of(options.ClipGradientNorm),
            [nameof(options.WeightAveraging)] = SettingText.Of(options.WeightAveraging),
            [nameof(options.Seed)] = SettingText.Of(options.Seed),
        };
}
