using Microsoft.ML;
using MLNetExtensions.Training;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>What methods explain, and with what.</summary>
/// <param name="Context">The context: its GPU settings.</param>
/// <param name="Network">The network.</param>
/// <param name="Runtime">Makes the training runtime, for methods that need gradients.</param>
/// <param name="BatchSize">The number of rows that are computed at once.</param>
/// <param name="Seed">The seed of what is drawn.</param>
internal sealed record AttributionSetting(
    MLContext Context,
    ExplainedNetwork Network,
    Func<ITrainingRuntime> Runtime,
    int BatchSize,
    int Seed
);
