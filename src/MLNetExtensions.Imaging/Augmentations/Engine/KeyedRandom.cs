namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>SplitMix64, a counter-based generator: number n is a hash of key and n.</summary>
internal struct KeyedRandom(ulong key)
{
    private ulong _counter = key;

    /// <summary>64 random bits.</summary>
    public ulong Next() => DrawKey.Mix(_counter += 0x9E3779B97F4A7C15);

    /// <summary>A number of [0, 1) with 53 random bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of [min, max).</summary>
    public double Uniform(double min, double max) => min + ((max - min) * Unit());

    /// <summary>A number of [min, max), in single precision.</summary>
    public float Uniform(float min, float max) => (float)Uniform((double)min, max);

    /// <summary>An integer of [0, count); count is at least 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>An integer of [min, max], both included.</summary>
    public int Between(int min, int max) => min + Below(max - min + 1);

    /// <summary>True with the given probability.</summary>
    public bool IsTrue(double probability) => Unit() < probability;

    /// <summary>+1 or -1.</summary>
    public int Sign() => (Next() & 1) == 0 ? 1 : -1;

    /// <summary>A standard normal number (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>A number of the gamma distribution with scale 1 (Marsaglia and Tsang, ACM TOMS 2000).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
            return Gamma(shape + 1) * Math.Pow(1 - Unit(), 1 / shape);
        double d = shape - (1.0 / 3),
            c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(),
                v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - Unit()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    /// <summary>A number of the beta distribution, 0 to 1.</summary>
    public double Beta(double alpha, double beta)
    {
        double x = Gamma(alpha),
            y = Gamma(beta);
        // Tiny shapes underflow both; the distribution is then a coin.
        return x + y > 0 ? x / (x + y)
            : Unit() < alpha / (alpha + beta) ? 1
            : 0;
    }

    /// <summary>A random order of the numbers from 0 (Fisher and Yates).</summary>
    public void Permute(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int j = Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
