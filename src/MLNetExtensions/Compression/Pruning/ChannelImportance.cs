namespace MLNetExtensions.Compression.Pruning;

/// <summary>
/// The measure by which the channels of a layer are ranked, as a fraction of the sum over all of the layer's channels. A coupled channel
/// counts in every layer that produces it.
/// </summary>
public enum ChannelImportance
{
    /// <summary>The sum of the sizes of a channel's weights, the BatchNorm behind it folded in.</summary>
    L1,

    /// <summary>The root of the sum of the squares of a channel's weights, the BatchNorm behind it folded in.</summary>
    L2,

    /// <summary>
    /// The size of the channel's scale in the BatchNorm behind it (network slimming, arXiv 1708.06519); layers without one by
    /// <see cref="L2"/>.
    /// </summary>
    BatchNormScale,
}
