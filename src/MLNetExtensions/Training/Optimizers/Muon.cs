using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Muon (Keller Jordan, kellerjordan.github.io/posts/muon, 2024): momentum, then the nearest orthogonal matrix by Newton-Schulz iteration,
/// for the weights of hidden layers, a convolution's as a matrix of output channels by the rest; weight decay is decoupled. All other
/// parameters use <see cref="Other"/>. Its learning rate is about 0.02, whatever the network's width.
/// </summary>
public sealed record Muon : Optimizer
{
    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.95.</value>
    public float Momentum { get; init; } = 0.95f;

    /// <summary>True to use Nesterov momentum.</summary>
    /// <value>The default is true.</value>
    public bool Nesterov { get; init; } = true;

    /// <summary>The number of Newton-Schulz iterations.</summary>
    /// <value>The default is 5.</value>
    public int Iterations { get; init; } = 5;

    /// <summary>The names of the weights that Muon updates, of two or more dimensions each.</summary>
    /// <value>The default is null: every weight of two or more dimensions except the graph's last one, the classifier's.</value>
    public IReadOnlyCollection<string>? Parameters { get; init; }

    /// <summary>The optimizer of all other parameters: biases, norms, the classifier.</summary>
    /// <value>The default is AdamW with a second beta of 0.95 and without weight decay.</value>
    public Optimizer Other { get; init; } = new AdamW { Beta2 = 0.95f, WeightDecay = 0 };

    /// <summary>The learning rate of <see cref="Other"/>, as a multiple of Muon's.</summary>
    /// <value>The default is 0.05: 0.001 if Muon's rate is 0.02.</value>
    public float OtherRate { get; init; } = 0.05f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => [.. Other.Slots.Prepend("momentum").Distinct()];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Momentum);
        checks.AtLeast(Iterations, 1);
        checks.Required(Other);
        Other?.Check(checks.Inside(Other, nameof(Other)));
        checks.Positive(OtherRate);
    }
}
