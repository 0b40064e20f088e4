namespace MLNetExtensions.Backbones;

/// <summary>The position of the channels in a network's input.</summary>
internal enum ImageLayout
{
    ChannelsFirst,
    ChannelsLast,

    /// <summary>One channel without a dimension of its own.</summary>
    NoChannels,
}
