namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The layers that fine-tuning trains in addition to the new head.</summary>
public readonly record struct FineTuneLayers
{
    private FineTuneLayers(int stages) => Stages = stages;

    /// <summary>Only the new head. The backbone runs once over each image and its features are cached: minutes instead of hours.</summary>
    public static FineTuneLayers Head => new(0);

    /// <summary>All layers.</summary>
    public static FineTuneLayers All => new(int.MaxValue);

    /// <summary>The number of stages to train, counted from the head; 0 for the head alone.</summary>
    public int Stages { get; }

    /// <summary>
    /// The last <paramref name="count"/> stages. A stage begins where the image, or the number of tokens, gets smaller. In a transformer
    /// with a constant number of tokens (ViT, DINOv2) it is a block; patches and class token are the first stage. The catalog may define
    /// other stages for a backbone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public static FineTuneLayers LastStages(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new FineTuneLayers(count);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Stages switch
        {
            0 => "head",
            int.MaxValue => "all layers",
            _ => $"last {Stages} stages",
        };
}
