using MLNetExtensions.Augmentations.Engine;

namespace MLNetExtensions.Augmentations.Operations;

/// <summary>Moves each value away from the mean of its 3 x 3 neighbours, or towards it (Pillow's ImageEnhance.Sharpness).</summary>
public sealed record Sharpness : Augmentation, IPixelOperation
{
    /// <summary>The smallest factor; 0 is blurred.</summary>
    /// <value>The default is 0.</value>
    public float MinFactor { get; init; }

    /// <summary>The largest factor; 1 changes nothing, 2 sharpens.</summary>
    /// <value>The default is 2.</value>
    public float MaxFactor { get; init; } = 2;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(MinFactor, 0);
        checks.AtLeast(MaxFactor, 0);
        checks.Ordered(MinFactor, MaxFactor);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinFactor, MaxFactor));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingPicture picture) => Apply(picture, values[0]);

    /// <remarks>Pillow's SMOOTH kernel, all ones with 5 in the middle, over 13; the outermost pixels stay.</remarks>
    internal static void Apply(WorkingPicture picture, float factor)
    {
        (int width, int height) = (picture.Width, picture.Height);
        Span<byte> all = picture.Pixels, result = picture.Spare;
        all.CopyTo(result);
        for (int row = 0; row < 3 * height; row++)
        {
            if (row % height == 0 || row % height == height - 1)
                continue;
            ReadOnlySpan<byte> above = all.Slice((row - 1) * width, width), here = all.Slice(row * width, width), below = all.Slice((row + 1) * width, width);
            Span<byte> target = result.Slice(row * width, width);
            for (int x = 1; x < width - 1; x++)
            {
                int sum = above[x - 1] + above[x] + above[x + 1] + here[x - 1] + (5 * here[x]) + here[x + 1] + below[x - 1] + below[x] + below[x + 1];
                int smooth = ((2 * sum) + 13) / 26;
                target[x] = (byte)Math.Clamp(smooth + (factor * (here[x] - smooth)), 0, 255);
            }
        }
        picture.TakeSpare();
    }
}
