namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Draws the weights of recurrent layers, direction after direction.</summary>
internal sealed class RecurrentWeights(LayerContext layer, int units, int gates, int features)
{
    private readonly Initializer _byUnits = new Initializers.Uniform(1 / Math.Sqrt(units));

    /// <summary>[directions, gates * units, features].</summary>
    public float[] Input(Initializer? initializer, int directions) =>
        Draw(directions, initializer ?? layer.Defaults.RecurrentInput ?? _byUnits, gates * units, features);

    /// <summary>
    /// [directions, gates * units, units]. Drawn turned, as Keras does: an orthogonal draw makes the outputs of all gates together
    /// orthonormal.
    /// </summary>
    public float[] State(Initializer? initializer, int directions)
    {
        float[] drawn = Draw(directions, initializer ?? layer.Defaults.RecurrentState ?? _byUnits, units, gates * units);
        var turned = new float[drawn.Length];
        int rows = gates * units,
            size = rows * units;
        for (int direction = 0; direction < directions; direction++)
        for (int row = 0; row < rows; row++)
        for (int column = 0; column < units; column++)
            turned[direction * size + row * units + column] = drawn[direction * size + column * rows + row];
        return turned;
    }

    /// <summary>[directions, 2 * gates * units]: the biases beside the input's weights, then those beside the state's.</summary>
    public float[] Bias(int directions, bool hasForgetGate)
    {
        float[] bias = Draw(directions, layer.Defaults.RecurrentBias ?? _byUnits, 2 * gates * units, 1);
        // ONNX's gate order is input, output, forget, cell.
        for (int direction = 0; direction < directions && hasForgetGate; direction++)
        for (int unit = 0; unit < units; unit++)
            bias[direction * 2 * gates * units + 2 * units + unit] += layer.Defaults.ForgetGateBias;
        return bias;
    }

    private float[] Draw(int directions, Initializer initializer, int rows, int columns)
    {
        var fan = new Fan(columns, rows);
        return [.. Enumerable.Range(0, directions).SelectMany(_ => initializer.Draw([rows, columns], fan, layer.Random))];
    }
}
