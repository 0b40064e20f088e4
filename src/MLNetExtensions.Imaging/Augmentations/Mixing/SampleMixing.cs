using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Mixing;

/// <summary>
/// Makes one sample of several: images are put together with their boxes and masks, before any other augmentation. Immutable; the draws are
/// keyed by seed, epoch and row.
/// </summary>
public abstract record SampleMixing
{
    private protected SampleMixing() { }

    /// <summary>The fraction of samples to mix, 0 to 1.</summary>
    /// <value>The default is 1.</value>
    public float Probability { get; init; } = 1;

    /// <summary>The smallest part of a box's area that must stay visible for the box to stay, 0 to 1.</summary>
    /// <value>The default is 0.25.</value>
    public float MinimumVisibility { get; init; } = 0.25f;

    /// <summary>The number of other samples that one is mixed with.</summary>
    internal abstract int Others { get; }

    /// <summary>Mixes samples, as a trainer with this seed does with this row in this epoch.</summary>
    /// <param name="sample">The row's sample; it stays as it is.</param>
    /// <param name="others">Samples to mix it with: 3 for <see cref="Mosaic"/>, 1 for <see cref="CopyPaste"/> and
    /// <see cref="BoxMixup"/>.</param>
    /// <param name="width">The width in pixels that the network takes.</param>
    /// <param name="height">The height in pixels that the network takes.</param>
    /// <param name="seed">What all draws begin from. The default is 0.</param>
    /// <param name="epoch">The epoch, from 0: each draws anew. The default is 0.</param>
    /// <param name="row">The row, from 0: each draws anew. The default is 0.</param>
    /// <returns>A new sample, or <paramref name="sample"/> itself where it is not drawn to be mixed.</returns>
    /// <exception cref="ArgumentException">There are too few other samples; a mask has another size than its image; or samples differ in
    /// their channels, or in having a mask.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them. Or a side, the epoch or the
    /// row is.</exception>
    public ImageSample Apply(
        ImageSample sample,
        IReadOnlyList<ImageSample> others,
        int width,
        int height,
        int seed = 0,
        long epoch = 0,
        long row = 0
    )
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        var problems = new OptionProblems();
        Check(SettingChecks.Of(problems, "mixing", this));
        problems.Throw();
        if (others.Count < Others)
            throw new ArgumentException(
                $"{GetType().Name} mixes a sample with {Others} others, but there are {others.Count}.",
                nameof(others)
            );
        var mixer = new SampleMixer(this, width, height, (ulong)seed);
        MixingPlan plan = mixer.Plan(epoch, row, others.Count);
        return mixer.Mix(plan, sample, [.. plan.Rows.Select((_, i) => others[i])]);
    }

    /// <inheritdoc cref="Augmentation.Check"/>
    internal virtual void Check(SettingChecks checks)
    {
        checks.InRange(Probability, 0, 1);
        checks.InRange(MinimumVisibility, 0, 1);
    }

    /// <summary>Mixes a sample that is drawn to be mixed.</summary>
    /// <param name="key">The key of the draws.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="others">The samples of the plan's rows.</param>
    /// <param name="width">The width that the network takes.</param>
    /// <param name="height">The height that the network takes.</param>
    /// <param name="work">Memory to work in.</param>
    internal abstract ImageSample Mix(
        DrawKey key,
        ImageSample sample,
        IReadOnlyList<ImageSample> others,
        int width,
        int height,
        MixingWorkspace work
    );
}
