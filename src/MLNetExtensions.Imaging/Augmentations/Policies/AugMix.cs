using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>
/// Averages the image and several chains of one to three operations each with random weights (Hendrycks et al., AugMix, arXiv 1912.02781;
/// list and ranges as in torchvision). Makes networks robust to corrupted images. Apply it after the crop and the flip.
/// </summary>
public sealed record AugMix : Augmentation, IPixelOperation
{
    private const int LargestSeverity = 10,
        LongestChain = 3;

    private static readonly PolicyOperation[] Choices =
    [
        PolicyOperation.ShearX,
        PolicyOperation.ShearY,
        PolicyOperation.TranslateX,
        PolicyOperation.TranslateY,
        PolicyOperation.Rotate,
        PolicyOperation.Posterize,
        PolicyOperation.Solarize,
        PolicyOperation.AutoContrast,
        PolicyOperation.Equalize,
    ];

    /// <summary>The strength of the operations, 1 to 10.</summary>
    /// <value>The default is 3.</value>
    public int Severity { get; init; } = 3;

    /// <summary>The number of chains.</summary>
    /// <value>The default is 3.</value>
    public int Width { get; init; } = 3;

    /// <summary>The number of operations in a chain.</summary>
    /// <value>The default is null: 1, 2 or 3, at random.</value>
    public int? Depth { get; init; }

    /// <summary>
    /// The parameter of the random weights: those of the chains are drawn from Dirichlet(Alpha), that of all chains together from
    /// Beta(Alpha, Alpha).
    /// </summary>
    /// <value>The default is 1.</value>
    public float Alpha { get; init; } = 1;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Severity, 1, LargestSeverity);
        checks.InRange(Width, 1, 16);
        checks.InRange(Depth, 1, 16);
        checks.Positive(Alpha);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        KeyedRandom random = key.Open();
        Span<double> shares = stackalloc double[Width];
        double sum = 0;
        foreach (ref double share in shares)
            sum += share = random.Gamma(Alpha);
        // Tiny values of Alpha underflow all shares; the distribution is then a choice of one.
        if (sum == 0)
            sum = shares[random.Below(Width)] = 1;
        double mixed = random.Beta(Alpha, Alpha);
        Span<byte> pixels = image.Pixels;
        Span<float> mean = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(
            image.Scratch.Reserve(pixels.Length * sizeof(float))
        );
        for (int i = 0; i < pixels.Length; i++)
            mean[i] = (float)((1 - mixed) * pixels[i]);
        (AugmentationPlan plan, WorkingImage chain) = image.Nested;
        for (int i = 0; i < Width; i++)
        {
            plan.Begin(image.Width, image.Height, image.Width, image.Height);
            DrawChain(key.Child(i), plan);
            float weight = (float)(mixed * shares[i] / sum);
            ReadOnlySpan<byte> result = chain.Run(plan, pixels, image.Width, image.Height);
            for (int j = 0; j < result.Length; j++)
                mean[j] += weight * result[j];
        }
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(mean[i] + 0.5f, 0, 255);
    }

    private void DrawChain(DrawKey key, AugmentationPlan plan)
    {
        int depth = Depth ?? key.Open().Between(1, LongestChain);
        for (int i = 0; i < depth; i++)
        {
            KeyedRandom random = key.Child(i).Open();
            PolicyOperation operation = Choices[random.Below(Choices.Length)];
            // Strengths lie in ten steps, of which one below the severity is drawn.
            double share = random.Below(Severity) / (LargestSeverity - 1.0),
                strength = operation switch
                {
                    PolicyOperation.TranslateX => plan.Width / 3.0 * share,
                    PolicyOperation.TranslateY => plan.Height / 3.0 * share,
                    PolicyOperation.Posterize => 4 - Math.Round(3 * share),
                    _ => RandAugment.Strength(operation, share, plan.Width, plan.Height),
                };
            if (PolicyOperations.IsSigned(operation))
                strength *= random.Sign();
            PolicyOperations.Draw(operation, strength, key.Child(i), plan, fill: 0);
        }
    }
}
