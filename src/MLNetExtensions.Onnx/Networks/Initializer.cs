namespace MLNetExtensions.Onnx.Networks;

/// <summary>Draws the initial values of a parameter.</summary>
public abstract record Initializer
{
    /// <summary>Draws the values of a parameter.</summary>
    /// <param name="shape">Its shape, outputs first.</param>
    /// <param name="fan">The numbers of inputs and outputs that a weight connects.</param>
    /// <param name="random">The source of the draws.</param>
    /// <returns>The values in C order.</returns>
    public abstract float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random);

    private protected static int Count(IReadOnlyList<int> shape) => shape.Aggregate(1, (product, size) => checked(product * size));

    private protected static float[] Fill(IReadOnlyList<int> shape, Func<double> draw)
    {
        var values = new float[Count(shape)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)draw();
        return values;
    }

    private protected static float[] FillUniform(IReadOnlyList<int> shape, double bound, Random random)
    {
        var values = new float[Count(shape)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * bound);
        return values;
    }

    private protected static float[] FillNormal(IReadOnlyList<int> shape, double standardDeviation, Random random)
    {
        var values = new float[Count(shape)];
        for (int i = 0; i < values.Length; i += 2)
        {
            // Box-Muller gives two draws at once.
            double radius = standardDeviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
                values[i + 1] = (float)(radius * sine);
        }
        return values;
    }

    /// <summary>A draw of the standard normal distribution (Box-Muller).</summary>
    private protected static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
