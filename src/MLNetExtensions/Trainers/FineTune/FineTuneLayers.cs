namespace MLNetExtensions.Trainers.FineTune;

/// <summary>Which layers fine-tuning trains beside the new head.</summary>
public readonly record struct FineTuneLayers
{
    private FineTuneLayers(int groups) => Groups = groups;

    /// <summary>Only the new head. The backbone runs once over each picture, its features are cached: minutes instead of hours.</summary>
    public static FineTuneLayers Head => new(0);

    /// <summary>All layers.</summary>
    public static FineTuneLayers All => new(int.MaxValue);

    /// <summary>The number of layer groups, counted from the head, that are trained; 0 is the head alone.</summary>
    public int Groups { get; }

    /// <summary>
    /// The last <paramref name="count"/> layer groups. A group is a stage: it begins where the image, or the number of tokens, gets smaller. In a transformer whose number of tokens
    /// stays (ViT, DINOv2) it is a block; patches and class token are the first group. The catalog may tell other ones for a backbone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public static FineTuneLayers LastGroups(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new FineTuneLayers(count);
    }

    /// <inheritdoc/>
    public override string ToString() => Groups switch { 0 => "head", int.MaxValue => "all layers", _ => $"last {Groups} layer groups" };
}
