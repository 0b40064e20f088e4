using System.Globalization;
using System.Text;

namespace MLNetExtensions.Training.RateTests;

/// <summary>
/// The result of a learning-rate range test (arXiv 1506.01186): the loss of each step while the learning rate rose, and the rates that
/// several rules read from it.
/// </summary>
/// <remarks>
/// The rules are those of fastai, over the smoothed losses without the first tenth of the steps and the last five, where the curve says
/// little. They may differ by a factor of a hundred: look at the curve (<see cref="ToString"/>) before you trust one.
/// </remarks>
public sealed class LearningRateCurve
{
    /// <summary>A curve whose loss never fell by this fraction is flat: a rule would read noise.</summary>
    private const double SmallestFall = 0.02;

    private const int LastSteps = 5;

    private readonly float[] _rates;
    private readonly double[] _smoothed;

    /// <param name="rates">The rates of the steps.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="steps">The number of steps that were planned; fewer were made if the loss diverged.</param>
    internal LearningRateCurve(IReadOnlyList<float> rates, IReadOnlyList<float> losses, int steps)
    {
        (LearningRates, Losses) = ([.. rates], [.. losses]);
        SmoothedLosses = LossSmoothing.Of(losses);
        Range kept = Math.Min(steps / 10, rates.Count)..Math.Max(Math.Min(steps / 10, rates.Count), rates.Count - LastSteps);
        (_rates, _smoothed) = ([.. LearningRates.Take(kept)], [.. SmoothedLosses.Take(kept)]);
    }

    /// <summary>The learning rate of each step.</summary>
    public IReadOnlyList<float> LearningRates { get; }

    /// <summary>The loss of each step, before its update.</summary>
    public IReadOnlyList<float> Losses { get; }

    /// <summary>The losses, smoothed by an exponential mean of factor 0.98 that is corrected for its start.</summary>
    public IReadOnlyList<double> SmoothedLosses { get; }

    /// <summary>
    /// True if the smoothed loss hardly fell (by less than 2 %), or there are too few steps to tell: no rule is to be trusted, and all of
    /// them give null.
    /// </summary>
    public bool IsFlat => _rates.Length < 3 || _smoothed.Min() > _smoothed[0] - SmallestFall * Math.Abs(_smoothed[0]);

    /// <summary>
    /// The suggested rate: the geometric mean of <see cref="Steepest"/> and <see cref="MinimumTenth"/>; null if the curve is flat.
    /// </summary>
    public float? Suggestion => IsFlat ? null : MathF.Sqrt(Steepest!.Value * MinimumTenth!.Value);

    /// <summary>The rate two thirds down the longest fall of the loss (fastai's valley); low for short trainings. Null if the curve is
    /// flat.</summary>
    public float? Valley => IsFlat ? null : _rates[ValleyIndex(_smoothed)];

    /// <summary>The rate at which the loss falls fastest, over the logarithm of the rate (fastai's steep). Null if the curve is
    /// flat.</summary>
    public float? Steepest => IsFlat ? null : _rates[SteepestIndex(_rates, _smoothed)];

    /// <summary>A tenth of the rate with the smallest loss (fastai's minimum). Null if the curve is flat.</summary>
    public float? MinimumTenth => IsFlat ? null : _rates[Array.IndexOf(_smoothed, _smoothed.Min())] / 10;

    /// <summary>All suggestions and the curve, as text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            IsFlat
                ? "The loss hardly falls at any rate: no suggestion. Train a head first, check the data, or test more steps."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Suggested learning rate {Suggestion:G2} (steepest {Steepest:G2}, a tenth of the minimum's {MinimumTenth:G2}, valley {Valley:G2})"
                )
        );
        // From the lowest loss to the first one: what diverged is cut off.
        double lowest = SmoothedLosses.DefaultIfEmpty().Min(),
            range = Math.Max(SmoothedLosses.DefaultIfEmpty().First() - lowest, 1e-12);
        int step = Math.Max(1, LearningRates.Count / 25);
        for (int i = 0; i < LearningRates.Count; i += step)
        {
            int width = (int)Math.Round(40 * Math.Clamp((SmoothedLosses[i] - lowest) / range, 0, 1));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{LearningRates[i], 8:0.0E+0} {SmoothedLosses[i], 9:F4} {new string('█', width)}"
            );
        }
        return text.ToString();
    }

    /// <summary>The place two thirds down the longest falling subsequence.</summary>
    internal static int ValleyIndex(IReadOnlyList<double> losses)
    {
        int[] lengths = [.. Enumerable.Repeat(1, losses.Count)];
        int end = 0;
        for (int i = 1; i < losses.Count; i++)
        {
            for (int j = 0; j < i; j++)
                if (losses[i] < losses[j])
                    lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
            if (lengths[end] < lengths[i])
                end = i;
        }
        // fastai lets the start be one before the first step.
        double third = lengths[end] / 3.0;
        return end - lengths[end] + (int)third + (int)(third / 2);
    }

    /// <summary>The place of the steepest fall over the logarithm of the rate.</summary>
    internal static int SteepestIndex(IReadOnlyList<float> rates, IReadOnlyList<double> losses)
    {
        int best = 0;
        double steepest = double.PositiveInfinity;
        for (int i = 0; i + 1 < losses.Count; i++)
        {
            double slope = (losses[i + 1] - losses[i]) / (Math.Log(rates[i + 1]) - Math.Log(rates[i]));
            if (slope < steepest)
                (best, steepest) = (i, slope);
        }
        return best;
    }
}
