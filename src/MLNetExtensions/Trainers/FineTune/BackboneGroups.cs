using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The multipliers of the parameters that are trained together with the head.</summary>
internal static class BackboneGroups
{
    /// <param name="options">The options.</param>
    /// <param name="body">The whole backbone, for the depth of its layers.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="parameters">The trained parameters of the backbone, each with the one of <paramref name="body"/> that it stands for:
    /// itself, or the weight that a low-rank product is added to.</param>
    /// <param name="learningRate">The highest learning rate; null where it was chosen for this network, whose weights need no other.</param>
    /// <param name="stepsPerEpoch">The number of steps in an epoch.</param>
    public static Dictionary<string, ParameterGroup> Of(
        FineTuneOptions options,
        OnnxGraph body,
        OnnxGraph network,
        IReadOnlyDictionary<string, string> parameters,
        float? learningRate,
        int stepsPerEpoch
    )
    {
        Dictionary<string, (float Multiplier, int FromEnd)> depths = Depths(options, body);
        int last = parameters.Values.Min(name => depths.GetValueOrDefault(name).FromEnd);
        long wait = (long)options.UnfreezeEpochs * stepsPerEpoch / options.GradientAccumulation;
        return parameters.ToDictionary(
            parameter => parameter.Key,
            parameter =>
            {
                (float multiplier, int fromEnd) = depths.GetValueOrDefault(parameter.Value, (1, last));
                OnnxTensor values = network.Initializers[parameter.Key];
                // Decay pulls weights to zero; norms' scales and biases have no reason to be there.
                bool isWeight = values.Shape.Count > 1;
                return new ParameterGroup(
                    options.BackboneLearningRateMultiplier
                        * multiplier
                        * (isWeight && learningRate is { } rate ? BackboneRates.Of(values, rate) : 1),
                    isWeight && options.StartDecay == 0 ? 1 : 0
                )
                {
                    StartDecay = isWeight ? options.StartDecay : 0,
                    FrozenUpdates = wait * (fromEnd - last),
                };
            }
        );
    }

    private static Dictionary<string, (float Multiplier, int FromEnd)> Depths(FineTuneOptions options, OnnxGraph body)
    {
        if (options.LayerRates is null && options.UnfreezeEpochs == 0)
            return [];
        IReadOnlyList<LayerStage> blocks = LayerStages.FindBlocks(body);
        IReadOnlyList<float>? multipliers = options.LayerRates?.Of(blocks.Count);
        return blocks
            .SelectMany((block, i) => block.Parameters.Select(p => KeyValuePair.Create(p, (multipliers?[i] ?? 1, blocks.Count - 1 - i))))
            .ToDictionary();
    }
}
