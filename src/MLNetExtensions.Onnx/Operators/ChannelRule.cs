namespace MLNetExtensions.Onnx.Operators;

/// <summary>Where an operator leaves the channels of its input, for pruning.</summary>
internal enum ChannelRule
{
    /// <summary>Where nobody can say: they must all stay.</summary>
    Fixed,

    /// <summary>Where they are: it works element by element.</summary>
    Kept,

    /// <summary>Where they are, if the shapes say so: it works on the places of each channel.</summary>
    SameChannels,

    /// <summary>Where they are, but those of its inputs can go together only.</summary>
    Coupled,

    /// <summary>Where a case of its own in <c>ChannelAnalysis</c> says.</summary>
    OwnChannels,

    /// <summary>Out of its output: it reads a shape, or nothing.</summary>
    Unread,
}
