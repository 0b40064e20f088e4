using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The learning-rate multipliers of a backbone's layers by their depth: the first layers know edges and colors, which other images have
/// too, and need to change less than the last ones.
/// </summary>
/// <remarks>
/// The groups of layers are the network's blocks, found from its graph: residual blocks, dense layers, parallel convolutions, blocks of
/// attention; the stem before them is a group, too, and a norm after the last block belongs to it. A network without blocks is divided
/// where the image gets smaller.
/// </remarks>
public abstract record LayerRates
{
    private protected LayerRates() { }

    /// <summary>The multipliers of the groups, the first layers' first. The head's is 1.</summary>
    /// <param name="groups">The number of groups, without the head.</param>
    internal abstract IReadOnlyList<float> Of(int groups);

    /// <summary>Records problems with its settings.</summary>
    internal abstract void Check(SettingChecks checks);
}
