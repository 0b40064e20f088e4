using System.Runtime.InteropServices;
using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Blurs along a line of random direction, as a moving camera does; the edge is repeated beyond the image.</summary>
public sealed record MotionBlur : Augmentation, IPixelOperation
{
    /// <summary>The shortest line in pixels.</summary>
    /// <value>The default is 3.</value>
    public int MinLength { get; init; } = 3;

    /// <summary>The longest line in pixels.</summary>
    /// <value>The default is 7.</value>
    public int MaxLength { get; init; } = 7;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinLength, 1, 255);
        checks.InRange(MaxLength, 1, 255);
        checks.Ordered(MinLength, MaxLength);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        plan.Add(this, key, random.Between(MinLength, MaxLength), random.Uniform(0, MathF.PI));
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        int length = (int)values[0],
            width = image.Width,
            height = image.Height;
        (float sin, float cos) = MathF.SinCos(values[1]);
        Span<byte> all = image.Pixels,
            result = image.Spare;
        Span<ushort> sums = MemoryMarshal.Cast<byte, ushort>(image.Scratch.Reserve(width * sizeof(ushort)));
        for (int row = 0; row < image.Channels * height; row++)
        {
            int top = row / height * height;
            sums.Clear();
            for (int i = 0; i < length; i++)
            {
                float along = i - ((length - 1) / 2f);
                int shift = (int)MathF.Round(along * cos),
                    y = Math.Clamp(row + (int)MathF.Round(along * sin), top, top + height - 1);
                Add(all.Slice(y * width, width), shift, sums);
            }
            Span<byte> target = result.Slice(row * width, width);
            for (int x = 0; x < width; x++)
                target[x] = (byte)((sums[x] + (length / 2)) / length);
        }
        image.TakeSpare();
    }

    private static void Add(ReadOnlySpan<byte> row, int shift, Span<ushort> sums)
    {
        for (int x = 0; x < row.Length; x++)
            sums[x] += row[Math.Clamp(x + shift, 0, row.Length - 1)];
    }
}
