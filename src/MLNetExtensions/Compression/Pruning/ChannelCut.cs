namespace MLNetExtensions.Compression.Pruning;

/// <summary>Something in a graph that changes where channels go.</summary>
internal abstract record ChannelCut;
