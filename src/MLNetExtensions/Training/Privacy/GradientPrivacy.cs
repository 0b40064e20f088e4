namespace MLNetExtensions.Training.Privacy;

/// <summary>What a session does for differential privacy: DP-SGD (Abadi et al. 2016, arXiv 1607.00133).</summary>
/// <remarks>
/// The gradient of each example is scaled down to <paramref name="MaxGradientNorm"/>, over all parameters together; noise is added to the
/// sum, which is divided by the expected batch size, never by the drawn one.
/// </remarks>
/// <param name="MaxGradientNorm">The largest norm of an example's gradient.</param>
/// <param name="NoiseMultiplier">The noise's standard deviation over <paramref name="MaxGradientNorm"/>.</param>
/// <param name="ExpectedBatchSize">The expected number of examples of a step.</param>
/// <param name="NoiseSeed">The seed of the noise, for tests; null draws it from the system's cryptographic source.</param>
internal sealed record GradientPrivacy(float MaxGradientNorm, float NoiseMultiplier, float ExpectedBatchSize, int? NoiseSeed = null)
{
    /// <summary>Keeps the factor of an example without a gradient finite, as Opacus does.</summary>
    public const float Epsilon = 1e-6f;
}
