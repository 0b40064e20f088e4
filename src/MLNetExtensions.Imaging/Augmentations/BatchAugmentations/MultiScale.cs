using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.BatchAugmentations;

/// <summary>
/// Trains at several input sizes, one at a time (Redmon and Farhadi, YOLO9000, arXiv 1612.08242): the size changes every few steps, for a
/// network that takes images of any size. Immutable; the draws are keyed by seed, epoch and step.
/// </summary>
public sealed record MultiScale
{
    /// <summary>The smallest factor of the network's input size.</summary>
    /// <value>The default is 0.5.</value>
    public float MinFactor { get; init; } = 0.5f;

    /// <summary>The largest factor of the network's input size.</summary>
    /// <value>The default is 1.5.</value>
    public float MaxFactor { get; init; } = 1.5f;

    /// <summary>The number that sizes are multiples of: the network's largest stride, in pixels.</summary>
    /// <value>The default is 32.</value>
    public int Stride { get; init; } = 32;

    /// <summary>The number of steps with the same size.</summary>
    /// <value>The default is 10.</value>
    public int Steps { get; init; } = 10;

    /// <inheritdoc cref="Augmentation.Check"/>
    internal void Check(SettingChecks checks)
    {
        checks.InRange(MinFactor, 0.1f, 10);
        checks.InRange(MaxFactor, 0.1f, 10);
        checks.InRange(Stride, 1, 1024);
        checks.AtLeast(Steps, 1);
        checks.Ordered(MinFactor, MaxFactor);
    }

    /// <summary>The size of a step's images: the aspect of the input is kept as far as the stride lets it.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step in the epoch, from 0.</param>
    /// <param name="width">The network's input width.</param>
    /// <param name="height">The network's input height.</param>
    internal (int Width, int Height) SizeOf(ulong seed, long epoch, long step, int width, int height)
    {
        // The key is that of a row that no view has; its child is no batch augmentation's.
        DrawKey key = DrawKey.For(seed, epoch, -1 - (step / Steps)).Child(-1);
        double factor = key.Open().Uniform((double)MinFactor, MaxFactor);
        return (Multiple(width * factor), Multiple(height * factor));
    }

    private int Multiple(double side) => Math.Max(1, (int)Math.Round(side / Stride)) * Stride;
}
