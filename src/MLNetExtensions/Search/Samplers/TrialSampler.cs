using MLNetExtensions.Imaging;
using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search.Samplers;

/// <summary>
/// The rule that chooses the hyper-parameters of the next trial. What it draws depends on the sweep's seed, the trial's number and the
/// trials so far, and on nothing else: a sweep that goes on from its journal draws what it would have drawn.
/// </summary>
public abstract record TrialSampler
{
    private protected TrialSampler() { }

    /// <summary>Draws a trial's coordinates.</summary>
    /// <param name="dimensions">The dimensions of the space.</param>
    /// <param name="trials">The trials so far, by number.</param>
    /// <param name="random">The trial's own numbers.</param>
    internal abstract double[] Draw(IReadOnlyList<Dimension> dimensions, IReadOnlyList<SampledTrial> trials, Random random);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }

    /// <summary>Draws evenly from the space.</summary>
    private protected static double[] DrawEvenly(IReadOnlyList<Dimension> dimensions, Random random) =>
        [.. dimensions.Select(dimension => dimension.Snap(dimension.Low + ((dimension.High - dimension.Low) * random.NextDouble())))];
}
