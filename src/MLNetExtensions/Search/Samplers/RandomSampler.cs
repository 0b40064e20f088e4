using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search.Samplers;

/// <summary>Draws every trial evenly from the space, whatever the trials before showed.</summary>
public sealed record RandomSampler : TrialSampler
{
    internal override double[] Draw(IReadOnlyList<Dimension> dimensions, IReadOnlyList<SampledTrial> trials, Random random) =>
        DrawEvenly(dimensions, random);
}
