using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Changes brightness, contrast, saturation and hue in random order (torchvision's ColorJitter).</summary>
public sealed record ColorJitter : Augmentation, IPixelOperation
{
    private enum Kind
    {
        Brightness,
        Contrast,
        Saturation,
        Hue,
    }

    /// <summary>The range of brightness factors: from 1 - this (at least 0) to 1 + this.</summary>
    /// <value>The default is 0.4.</value>
    public float Brightness { get; init; } = 0.4f;

    /// <summary>The range of contrast factors: from 1 - this (at least 0) to 1 + this.</summary>
    /// <value>The default is 0.4.</value>
    public float Contrast { get; init; } = 0.4f;

    /// <summary>The range of saturation factors: from 1 - this (at least 0) to 1 + this.</summary>
    /// <value>The default is 0.4.</value>
    public float Saturation { get; init; } = 0.4f;

    /// <summary>The largest hue shift in either direction, as a fraction of the color circle.</summary>
    /// <value>The default is 0.1.</value>
    public float Hue { get; init; } = 0.1f;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Brightness, 0);
        checks.AtLeast(Contrast, 0);
        checks.AtLeast(Saturation, 0);
        checks.InRange(Hue, 0, 0.5f);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        Span<int> order = stackalloc int[4];
        random.Permute(order);
        foreach (int kind in order)
        {
            float strength = (Kind)kind switch
            {
                Kind.Brightness => Brightness,
                Kind.Contrast => Contrast,
                Kind.Saturation => Saturation,
                _ => Hue,
            };
            float middle = (Kind)kind == Kind.Hue ? 0 : 1;
            float value = random.Uniform((Kind)kind == Kind.Hue ? -strength : Math.Max(0, middle - strength), middle + strength);
            if (strength > 0)
                plan.Add(this, key, kind, value);
        }
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        switch ((Kind)(int)values[0])
        {
            case Kind.Brightness:
                Operations.Brightness.Apply(image, values[1]);
                break;
            case Kind.Contrast:
                Operations.Contrast.Apply(image, values[1]);
                break;
            case Kind.Saturation:
                Operations.Saturation.Apply(image, values[1]);
                break;
            default:
                Operations.Hue.Apply(image, values[1]);
                break;
        }
    }
}
