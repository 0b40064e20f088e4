using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Lowers the learning rate when the validation loss no longer falls, like torch's ReduceLROnPlateau (mode "min", threshold mode "rel"). It
/// is combined with a schedule: the schedule's rate is multiplied by <see cref="FactorFor"/>. It holds no state; the factor follows from
/// the losses so far.
/// </summary>
public sealed record ReduceOnPlateau
{
    /// <summary>The factor of each reduction of the learning rate.</summary>
    /// <value>The default is 0.1.</value>
    public float Factor { get; init; } = 0.1f;

    /// <summary>The number of epochs without improvement to tolerate; the next one lowers the rate.</summary>
    /// <value>The default is 10.</value>
    public int Patience { get; init; } = 10;

    /// <summary>The smallest improvement over the best loss that counts, as a fraction of the best loss.</summary>
    /// <value>The default is 1e-4.</value>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>The number of epochs after a reduction in which epochs without improvement are not counted.</summary>
    /// <value>The default is 0.</value>
    public int Cooldown { get; init; }

    /// <summary>The smallest factor.</summary>
    /// <value>The default is 0: none.</value>
    public float MinimumFactor { get; init; }

    /// <summary>Computes the factor of the next epoch's learning rates.</summary>
    /// <param name="validationLosses">The validation loss of each epoch so far.</param>
    public float FactorFor(IReadOnlyList<double> validationLosses)
    {
        double best = double.PositiveInfinity,
            factor = 1;
        int bad = 0,
            cooldown = 0;
        foreach (double loss in validationLosses)
        {
            if (loss < best - (double.IsFinite(best) ? Math.Abs(best) * Threshold : 0))
            {
                best = loss;
                bad = 0;
            }
            else
            {
                bad++;
            }
            if (cooldown > 0)
            {
                cooldown--;
                bad = 0;
            }
            if (bad > Patience)
            {
                factor = Math.Max(factor * Factor, MinimumFactor);
                cooldown = Cooldown;
                bad = 0;
            }
        }
        return (float)factor;
    }

    /// <summary>Records problems with its settings.</summary>
    internal void Check(SettingChecks checks)
    {
        checks.BelowOne(Factor);
        checks.AtLeast(Patience, 0);
        checks.AtLeast(Threshold, 0);
        checks.AtLeast(Cooldown, 0);
        checks.InRange(MinimumFactor, 0, 1);
    }
}
