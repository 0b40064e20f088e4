namespace MLNetExtensions.Onnx.Operators;

/// <summary>The place of an input's channels in an operator's output, for pruning.</summary>
internal enum ChannelRule
{
    /// <summary>Not known: all channels must stay.</summary>
    Fixed,

    /// <summary>The same: the operator works element by element.</summary>
    Kept,

    /// <summary>The same if the shapes say so: the operator works on the positions of each channel.</summary>
    SameChannels,

    /// <summary>The same, but the channels of all inputs are pruned together.</summary>
    Coupled,

    /// <summary>Special: a case of its own in <c>ChannelAnalysis</c>.</summary>
    OwnChannels,

    /// <summary>Out of its output: it reads a shape, or nothing.</summary>
    Unread,
}
