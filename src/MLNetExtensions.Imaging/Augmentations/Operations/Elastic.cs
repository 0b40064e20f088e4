using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Moves pixels along a smooth random field (Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks, 2003).
/// </summary>
public sealed record Elastic : GeometricAugmentation, IDisplacement
{
    /// <summary>The standard deviation of the displacements, in pixels.</summary>
    /// <value>The default is 3.</value>
    public float Displacement { get; init; } = 3;

    /// <summary>
    /// The distance in pixels over which displacements change: the spacing of the grid of random vectors that cubic B-splines join.
    /// </summary>
    /// <value>The default is 32.</value>
    public float Smoothness { get; init; } = 32;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Displacement, 0);
        checks.AtLeast(Smoothness, 2);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IDisplacement.Displace(DrawKey key, DisplacementField field)
    {
        (int width, int height) = (field.Width, field.Height);
        int columns = (int)(width / Smoothness) + 4,
            rows = (int)(height / Smoothness) + 4;
        Span<float> grid = field.Reserve(2 * columns * rows);
        KeyedRandom random = key.Open();
        for (int i = 0; i < grid.Length; i++)
            grid[i] = (float)random.Normal();
        Field(grid[..(columns * rows)], columns, field.X, width, height, isX: true);
        Field(grid[(columns * rows)..], columns, field.Y, width, height, isX: false);
    }

    private void Field(ReadOnlySpan<float> grid, int columns, Span<float> positions, int width, int height, bool isX)
    {
        Span<float> across = stackalloc float[4],
            down = stackalloc float[4];
        // A B-spline of independent values of variance 1 has a variance of about (0.48)^2 in two dimensions.
        float scale = Displacement / 0.48f;
        for (int row = 0; row < height; row++)
        {
            int gridY = Spline(row / Smoothness, down);
            for (int column = 0; column < width; column++)
            {
                int gridX = Spline(column / Smoothness, across);
                float sum = 0;
                for (int i = 0; i < 4; i++)
                {
                    ReadOnlySpan<float> four = grid.Slice(((gridY + i) * columns) + gridX, 4);
                    sum += down[i] * ((across[0] * four[0]) + (across[1] * four[1]) + (across[2] * four[2]) + (across[3] * four[3]));
                }
                positions[(row * width) + column] = (isX ? column : row) + 0.5f + (scale * sum);
            }
        }
    }

    private static int Spline(float position, Span<float> weights)
    {
        int cell = (int)position;
        float t = position - cell,
            s = 1 - t;
        weights[0] = s * s * s / 6;
        weights[1] = ((3 * t * t * t) - (6 * t * t) + 4) / 6;
        weights[2] = ((3 * s * s * s) - (6 * s * s) + 4) / 6;
        weights[3] = t * t * t / 6;
        return cell;
    }
}
