using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>The schedule of the learning rate over the steps of a run.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>Computes the learning rate of a step.</summary>
    /// <param name="baseRate">The base rate of the options.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">The number of steps of the whole run.</param>
    public abstract float RateAt(float baseRate, int step, int totalSteps);

    /// <summary>A share of the run in whole steps, at least one.</summary>
    private protected static int StepsOf(float fraction, int totalSteps) => Math.Max(1, (int)Math.Round((double)fraction * totalSteps));

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }
}
