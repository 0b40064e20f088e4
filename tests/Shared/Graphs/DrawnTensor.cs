using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Tensors of drawn numbers, the same for the same seed.</summary>
internal static class DrawnTensor
{
    /// <summary>Random numbers of a normal distribution.</summary>
    public static OnnxTensor Normal(string name, int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return OnnxTensor.FromFloats(name, shape, values);
    }
}
