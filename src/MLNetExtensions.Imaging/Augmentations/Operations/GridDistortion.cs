using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Divides the image into a grid whose columns and rows become wider or narrower at random (albumentations' GridDistortion).
/// </summary>
public sealed record GridDistortion : GeometricAugmentation, IDisplacement
{
    /// <summary>The number of columns and of rows.</summary>
    /// <value>The default is 5.</value>
    public int Steps { get; init; } = 5;

    /// <summary>The largest fraction by which a column or row may grow or shrink.</summary>
    /// <value>The default is 0.3.</value>
    public float Limit { get; init; } = 0.3f;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Steps, 1, 64);
        checks.InRange(Limit, 0, 0.95f);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IDisplacement.Displace(DrawKey key, DisplacementField field)
    {
        (int width, int height) = (field.Width, field.Height);
        Span<float> down = field.Reserve(height);
        Axis(key.Child(0).Open(), field.X[..width]);
        Axis(key.Child(1).Open(), down);
        for (int row = 0; row < height; row++)
        {
            field.X[..width].CopyTo(field.X.Slice(row * width, width));
            field.Y.Slice(row * width, width).Fill(down[row]);
        }
    }

    /// <summary>Computes the source position of each pixel along one axis: piecewise linear, with fixed ends.</summary>
    private void Axis(KeyedRandom random, Span<float> positions)
    {
        Span<float> knots = stackalloc float[Steps + 1];
        knots[0] = 0;
        for (int i = 1; i < knots.Length; i++)
            knots[i] = knots[i - 1] + 1 + random.Uniform(-Limit, Limit);
        float total = knots[^1];
        for (int i = 0; i < positions.Length; i++)
        {
            float cell = (i + 0.5f) / positions.Length * Steps;
            int knot = Math.Min((int)cell, Steps - 1);
            positions[i] = (knots[knot] + ((cell - knot) * (knots[knot + 1] - knots[knot]))) / total * positions.Length;
        }
    }
}
