using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.BatchAugmentations;

/// <summary>
/// Mixes the images of a batch with one another, and their targets in the same proportions: a separate step on a finished batch. Immutable;
/// the draws are keyed by seed, epoch and step.
/// </summary>
public abstract record BatchAugmentation
{
    private protected BatchAugmentation() { }

    /// <summary>The fraction of batches to mix, 0 to 1.</summary>
    /// <value>The default is 1.</value>
    public float Probability { get; init; } = 1;

    /// <inheritdoc cref="Augmentation.Check"/>
    internal virtual void Check(SettingChecks checks) => checks.InRange(Probability, 0, 1);

    /// <summary>Mixes a batch in place.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step in the epoch, from 0.</param>
    /// <param name="pixels">[count, 3, height, width].</param>
    /// <param name="targets">[count, classes]: a probability for each class.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their height.</param>
    /// <param name="width">Their width.</param>
    internal void Apply(ulong seed, long epoch, long step, Span<float> pixels, Span<float> targets, int count, int height, int width)
    {
        // The key is that of a row that no view has.
        DrawKey key = DrawKey.For(seed, epoch, -1 - step);
        if (count < 2 || !key.Open().IsTrue(Probability))
            return;
        Mix(key.Child(0), pixels, targets, count, height, width);
    }

    internal abstract void Mix(DrawKey key, Span<float> pixels, Span<float> targets, int count, int height, int width);

    /// <summary>
    /// Calls for every pair of images that are mixed with each other; the middle one of an odd batch is its own partner and left out.
    /// </summary>
    /// <remarks>Partners are mutual (timm's reversed batch), after a random permutation, so that a pair can be mixed in place.</remarks>
    private protected static int[] Partners(DrawKey key, int count)
    {
        int[] order = new int[count],
            partners = new int[count];
        key.Open().Permute(order);
        for (int i = 0; i < count; i++)
            partners[order[i]] = order[count - 1 - i];
        return partners;
    }

    /// <summary>share of each value stays, the rest comes from its partner; for both of a pair.</summary>
    private protected static void Blend(Span<float> one, Span<float> other, float share)
    {
        for (int i = 0; i < one.Length; i++)
            (one[i], other[i]) = ((share * one[i]) + ((1 - share) * other[i]), (share * other[i]) + ((1 - share) * one[i]));
    }
}
