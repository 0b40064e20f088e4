using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>
/// A random change of images while a network trains. Immutable; holds settings, no state. For ready-made policies see <see cref="Augment"/>; for single
/// operations see <c>MLNetExtensions.Augmentations.Operations</c>.
/// </summary>
/// <remarks>
/// Every random draw is a function of seed, epoch, row and the operation's place in the policy, so threads and batches do not change an image.
/// Neighboring geometric operations are resampled once, together. Images are RGB, gray, or RGB with alpha, 8 bits per channel; color operations do not change alpha. Settings are checked when
/// a trainer is created: one message lists all that are out of range, with operation and place.
/// </remarks>
public abstract record Augmentation
{
    private protected Augmentation()
    {
    }

    /// <summary>Appends an augmentation to this one.</summary>
    /// <param name="next">The augmentation to apply after this one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public Augmentation Then(Augmentation next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return this is Compose compose ? new Compose([.. compose.Steps, next]) : new Compose(this, next);
    }

    /// <summary>Records settings that are out of range or contradict each other.</summary>
    internal virtual void Check(SettingChecks checks)
    {
    }

    /// <summary>Makes the random draws for one image and adds the steps to the plan.</summary>
    /// <param name="key">This operation's key: the same key and the same image size give the same draw.</param>
    /// <param name="plan">Knows the image's size so far; receives the steps.</param>
    internal abstract void Draw(DrawKey key, AugmentationPlan plan);
}
