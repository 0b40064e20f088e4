using MLNetExtensions.Imaging;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>Settings of structured pruning. They are copied at the call. An evaluation set is only for the report.</summary>
public sealed class PruneOptions : CompressionOptions
{
    /// <summary>
    /// The fraction of the multiplications that may remain. At least 0.95 of it remains, unless a single channel of a small network has
    /// more.
    /// </summary>
    /// <value>The default is 0.5.</value>
    public double TargetMacsFraction { get; set; } = 0.5;

    /// <summary>The measure by which channels are ranked.</summary>
    /// <value>The default is <see cref="ChannelImportance.L2"/>.</value>
    public ChannelImportance Importance { get; set; } = ChannelImportance.L2;

    /// <summary>
    /// The number of channels to remove at a time, so that the remaining number is a multiple of it (if the network's own widths are):
    /// processors compute 8 or 16 channels at once, and a partial block costs as much as a whole one. Only if every whole block would miss
    /// <see cref="TargetMacsFraction"/> by more than 5 %, a part of one is removed at the end.
    /// </summary>
    /// <value>The default is 8.</value>
    public int ChannelMultiple { get; set; } = 8;

    /// <summary>The smallest fraction of each layer's channels to keep.</summary>
    /// <value>The default is 0.25.</value>
    public double MinimumChannelFraction { get; set; } = 0.25;

    /// <summary>The layers whose output channels are all kept, by the name of their node or of its output.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyCollection<string> IgnoredLayers { get; set; } = [];

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Check(TargetMacsFraction is > 0 and < 1, nameof(TargetMacsFraction), TargetMacsFraction, "above 0 and below 1");
        problems.Check(Enum.IsDefined(Importance), nameof(Importance), Importance, "an importance");
        problems.Check(ChannelMultiple >= 1, nameof(ChannelMultiple), ChannelMultiple, "at least 1");
        problems.Check(
            MinimumChannelFraction is >= 0 and < 1,
            nameof(MinimumChannelFraction),
            MinimumChannelFraction,
            "at least 0 and below 1"
        );
        problems.Check(IgnoredLayers is not null, nameof(IgnoredLayers), IgnoredLayers, "a list");
    }

    internal override CompressionOptions Clone()
    {
        var clone = (PruneOptions)base.Clone();
        clone.IgnoredLayers = IgnoredLayers is null ? null! : [.. IgnoredLayers];
        return clone;
    }
}
