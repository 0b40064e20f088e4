using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Computes 255 * (value / 255) ^ gamma: brightens or darkens the midtones; black and white do not change.</summary>
public sealed record Gamma : Augmentation, IPixelOperation
{
    /// <summary>The smallest exponent; below 1 brightens.</summary>
    /// <value>The default is 0.8.</value>
    public float Min { get; init; } = 0.8f;

    /// <summary>The largest exponent; above 1 darkens.</summary>
    /// <value>The default is 1.25.</value>
    public float Max { get; init; } = 1.25f;

    internal override void Check(SettingChecks checks)
    {
        checks.Positive(Min);
        checks.Positive(Max);
        checks.Ordered(Min, Max);
    }

    // Even on a logarithmic scale, so that brightening and darkening are equally likely.
    internal override void Draw(DrawKey key, AugmentationPlan plan) =>
        plan.Add(this, key, (float)Math.Exp(key.Open().Uniform(Math.Log(Min), Math.Log(Max))));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++)
            table[value] = (byte)Math.Round(255 * Math.Pow(value / 255.0, values[0]));
        image.Lookup(table);
    }
}
