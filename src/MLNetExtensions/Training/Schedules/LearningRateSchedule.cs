using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>The schedule of the learning rate over the steps of a run.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate in force at a step.</summary>
    /// <param name="baseRate">The rate that the options ask for.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">The number of steps of the whole run.</param>
    public abstract float RateAt(float baseRate, int step, int totalSteps);

    /// <summary>A share of the run in whole steps, at least one.</summary>
    private protected static int StepsOf(float fraction, int totalSteps) => Math.Max(1, (int)Math.Round((double)fraction * totalSteps));

    /// <summary>Notes what is wrong with its settings.</summary>
    internal virtual void Check(SettingChecks checks)
    {
    }
}
