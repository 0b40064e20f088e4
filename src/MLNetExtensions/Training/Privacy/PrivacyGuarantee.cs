namespace MLNetExtensions.Training.Privacy;

/// <summary>What a model trained with <see cref="DifferentialPrivacy"/> promises about each training image.</summary>
/// <param name="Epsilon">The bound of the privacy loss, by <see cref="RdpAccountant"/>, for the steps that were made.</param>
/// <param name="Delta">The probability with which the bound may fail.</param>
/// <param name="NoiseMultiplier">The noise's standard deviation over <paramref name="MaxGradientNorm"/>.</param>
/// <param name="MaxGradientNorm">The largest norm of an image's gradient.</param>
/// <param name="SampleRate">The probability with which each image joined a step.</param>
/// <param name="Steps">The number of steps.</param>
public sealed record PrivacyGuarantee(
    double Epsilon,
    double Delta,
    double NoiseMultiplier,
    double MaxGradientNorm,
    double SampleRate,
    long Steps
)
{
    /// <summary>Such as <c>epsilon 2.06 at delta 1E-05 (1500 steps, sample rate 0.01, noise 1.1, gradient norm 1)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"epsilon {Epsilon:G4} at delta {Delta:G3} ({Steps} steps, sample rate {SampleRate:G4}, noise {NoiseMultiplier:G4}, gradient norm {MaxGradientNorm:G4})"
        );
}
