using MLNetExtensions.Training.Schedules;

namespace Cifar10;

/// <summary>
/// How the network is trained: airbench94's recipe (arXiv 2404.00498) for fewer epochs and channels. Chosen on 5,000 training pictures that were held
/// out; the test set was not looked at.
/// </summary>
internal sealed record Recipe
{
    public double Epochs { get; init; } = 5;

    public IReadOnlyList<int> Widths { get; init; } = [32, 128, 128];

    public int BatchSize { get; init; } = 512;

    /// <summary>For the mean loss of a batch of 512; airbench's 11.5 in its own units.</summary>
    public float LearningRate { get; init; } = 0.75f;

    public float Momentum { get; init; } = 0.85f;

    public float WeightDecay { get; init; } = 0.00133f;

    /// <summary>The learning rate of the normalisations' biases, as a multiple: scales are fixed, so biases decide which neurons are on.</summary>
    public float NormBiasRate { get; init; } = 64;

    public float LabelSmoothing { get; init; } = 0.2f;

    /// <summary>Pictures are moved by up to so many pixels, mirrored at their edges.</summary>
    public int Translation { get; init; } = 2;

    public LearningRateSchedule Schedule { get; init; } = new TriangularSchedule(PeakShare: 0.23f, FirstFactor: 0.2f, LastFactor: 0.07f);

    public int? Threads { get; init; }
}
