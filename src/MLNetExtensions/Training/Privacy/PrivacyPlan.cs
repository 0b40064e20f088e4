namespace MLNetExtensions.Training.Privacy;

/// <summary>The noise and the sampling of one run with differential privacy.</summary>
internal sealed class PrivacyPlan
{
    private readonly DifferentialPrivacy _options;
    private readonly double _delta;
    private readonly double _noise;

    /// <summary>Chooses the noise.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="batchSize">The expected number of rows of a step.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <exception cref="InvalidOperationException">No noise keeps the epsilon, or delta is too large for so many images.</exception>
    public PrivacyPlan(DifferentialPrivacy options, int[] rows, int batchSize, int epochs)
    {
        _options = options;
        Sampling = new PoissonSampling(rows, batchSize, options.NoiseSeed);
        _delta = options.Delta ?? Math.Pow(rows.Length, -1.1);
        if (_delta >= 1.0 / rows.Length)
            throw new InvalidOperationException(
                $"{nameof(DifferentialPrivacy)}.{nameof(DifferentialPrivacy.Delta)} is {_delta:G3}, which is no promise for {rows.Length} training images. "
                    + $"Give less than {1.0 / rows.Length:G3}, or null."
            );
        try
        {
            _noise =
                options.NoiseMultiplier
                ?? RdpAccountant.FindNoiseMultiplier(
                    options.Epsilon ?? DifferentialPrivacy.DefaultEpsilon,
                    _delta,
                    Sampling.Rate,
                    (long)epochs * Sampling.StepsPerEpoch
                );
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidOperationException(
                $"{epochs} epochs of {Sampling.StepsPerEpoch} steps on {rows.Length} images cannot keep the {nameof(DifferentialPrivacy)} that was asked for. {e.Message}",
                e
            );
        }
    }

    /// <summary>The sampling.</summary>
    public PoissonSampling Sampling { get; }

    /// <summary>What the session does.</summary>
    public GradientPrivacy Step => new((float)_options.MaxGradientNorm, (float)_noise, Sampling.ExpectedBatchSize, _options.NoiseSeed);

    /// <summary>The promise after some steps.</summary>
    public PrivacyGuarantee After(long steps)
    {
        var accountant = new RdpAccountant();
        accountant.Add(_noise, Sampling.Rate, steps);
        return new PrivacyGuarantee(accountant.EpsilonAt(_delta), _delta, _noise, _options.MaxGradientNorm, Sampling.Rate, steps);
    }
}
