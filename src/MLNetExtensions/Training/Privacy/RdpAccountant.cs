namespace MLNetExtensions.Training.Privacy;

/// <summary>
/// An accountant of differential privacy: what steps of DP-SGD (Poisson sampling, clipped gradients, Gaussian noise) disclose together about
/// one example.
/// </summary>
/// <remarks>
/// Rényi differential privacy of the sampled Gaussian mechanism (Mironov, Talwar and Zhang 2019, arXiv 1908.10530) at the orders of Opacus
/// and some larger ones, converted to epsilon by Canonne, Kamath and Steinke 2020 (arXiv 2004.00010). Values are those of Opacus'
/// <c>RDPAccountant</c>.
/// </remarks>
public sealed class RdpAccountant
{
    /// <summary>The orders of Opacus.</summary>
    internal static readonly double[] OrdersOfOpacus =
    [
        .. Enumerable.Range(11, 99).Select(i => i / 10.0),
        .. Enumerable.Range(12, 52).Select(i => (double)i),
    ];

    private static readonly double[] Orders = [.. OrdersOfOpacus, 80, 96, 128, 192, 256, 512, 1024];

    private const double LargestNoise = 1e6;

    private readonly double[] _orders;
    private readonly double[] _divergences;

    /// <summary>Creates an accountant of no steps.</summary>
    public RdpAccountant()
        : this(Orders) { }

    internal RdpAccountant(double[] orders) => (_orders, _divergences) = (orders, new double[orders.Length]);

    /// <summary>Adds steps.</summary>
    /// <param name="noiseMultiplier">The noise's standard deviation over the clipping norm; positive.</param>
    /// <param name="sampleRate">The probability with which each example joins a step: the expected batch size over the number of
    /// examples.</param>
    /// <param name="steps">The number of steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public void Add(double noiseMultiplier, double sampleRate, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noiseMultiplier);
        CheckSampling(sampleRate, steps);
        for (int i = 0; i < _orders.Length; i++)
            if (steps > 0)
                _divergences[i] += steps * RenyiDivergence.OfStep(sampleRate, noiseMultiplier, _orders[i]);
    }

    /// <summary>The epsilon of all steps so far.</summary>
    /// <param name="delta">The probability with which the promise may fail; smaller than one over the number of examples.</param>
    /// <returns>Epsilon; infinite where there was no noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not between 0 and 1.</exception>
    public double EpsilonAt(double delta) => EpsilonAt(delta, out _);

    /// <inheritdoc cref="EpsilonAt(double)"/>
    /// <param name="delta">The probability with which the promise may fail.</param>
    /// <param name="order">Receives the order that gives it.</param>
    internal double EpsilonAt(double delta, out double order)
    {
        CheckDelta(delta);
        (double epsilon, order) = (double.PositiveInfinity, 0);
        for (int i = 0; i < _orders.Length; i++)
        {
            double at = _divergences[i] + Math.Log(1 - 1 / _orders[i]) - Math.Log(delta * _orders[i]) / (_orders[i] - 1);
            if (at < epsilon)
                (epsilon, order) = (at, _orders[i]);
        }
        // No step discloses nothing.
        return Array.TrueForAll(_divergences, d => d == 0) ? 0 : Math.Max(0, epsilon);
    }

    /// <summary>The least noise with which steps keep an epsilon.</summary>
    /// <param name="epsilon">The epsilon to keep; positive.</param>
    /// <param name="delta">The probability with which the promise may fail.</param>
    /// <param name="sampleRate">The probability with which each example joins a step.</param>
    /// <param name="steps">The number of steps; at least 1.</param>
    /// <returns>The noise multiplier, to 0.0001, from above.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or no noise is enough; the message says the least
    /// epsilon.</exception>
    public static double FindNoiseMultiplier(double epsilon, double delta, double sampleRate, long steps)
    {
        if (!(epsilon > 0))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Epsilon must be positive.");
        CheckDelta(delta);
        CheckSampling(sampleRate, steps);
        double most = 1;
        while (EpsilonOf(most) > epsilon)
            if ((most *= 2) > LargestNoise)
                throw new ArgumentOutOfRangeException(
                    nameof(epsilon),
                    epsilon,
                    $"No noise keeps an epsilon of {epsilon} at delta {delta}. The least that can be shown is {EpsilonOf(LargestNoise):G3}; "
                        + "ask for more, or for a larger delta."
                );
        double least = 0;
        while (most - least > 1e-4)
        {
            double middle = (least + most) / 2;
            if (EpsilonOf(middle) > epsilon)
                least = middle;
            else
                most = middle;
        }
        return most;

        double EpsilonOf(double noise)
        {
            var accountant = new RdpAccountant();
            accountant.Add(noise, sampleRate, steps);
            return accountant.EpsilonAt(delta);
        }
    }

    private static void CheckSampling(double sampleRate, long steps)
    {
        if (!(sampleRate is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "The sample rate must be from 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
    }

    private static void CheckDelta(double delta)
    {
        if (!(delta is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "Delta must be between 0 and 1.");
    }
}
