using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.FineTune.LowRank;

/// <summary>
/// Low-rank adaptation (LoRA, arXiv 2106.09685): the weights of convolutions and linear layers stay as they are, and a product of two small
/// matrices is trained that is added to each. The sum replaces the weights when training ends: the saved network has no more layers than
/// before.
/// </summary>
/// <remarks>
/// Weights W of Conv, Gemm and MatMul become W + s B A, with B of outputs x rank and A of rank x inputs (a convolution's inputs are those
/// of a group, times the kernel's size; each group has its own B and A). A begins with uniform draws of at most 1 / sqrt(inputs), B with
/// zeros, so the first step sees the pretrained network. Layers whose weights are fewer than those of B and A stay as they are, which
/// includes depthwise convolutions. Biases and norms stay, too; the head is trained as a whole.
/// </remarks>
/// <param name="Rank">The rank, at least 1. Common values are 2 to 16.</param>
public sealed record LowRankAdaptation(int Rank = 8)
{
    /// <summary>The numerator of the scale s: <see cref="Alpha"/> / <see cref="Rank"/>.</summary>
    /// <value>The default is null: the rank, so that the scale is 1.</value>
    public float? Alpha { get; init; }

    /// <summary>
    /// True to divide <see cref="Alpha"/> by the square root of the rank instead of the rank (rsLoRA, arXiv 2312.03732).
    /// </summary>
    /// <value>The default is false.</value>
    public bool IsRankStabilized { get; init; }

    /// <summary>The factor of B A.</summary>
    internal float Scale => (Alpha ?? Rank) / (IsRankStabilized ? MathF.Sqrt(Rank) : Rank);

    /// <summary>Records problems with its settings.</summary>
    internal void Check(SettingChecks checks)
    {
        checks.AtLeast(Rank, 1);
        if (Alpha is { } alpha)
            checks.Positive(alpha, nameof(Alpha));
    }
}
