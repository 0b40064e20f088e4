using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>A part of tests/Golden/dense.json, and the way to compute the same with a runtime.</summary>
internal sealed class DenseGolden(string part)
{
    private readonly JsonElement _part = JsonDocument
        .Parse(File.ReadAllText(GoldenFiles.PathOf("dense.json")))
        .RootElement.GetProperty(part);

    public float[] Numbers(params string[] path) => [.. Find(path).EnumerateArray().Select(number => number.GetSingle())];

    public JsonElement Find(params string[] path) => path.Aggregate(_part, (element, name) => element.GetProperty(name));

    /// <summary>A value to take the gradient by: an input, and a parameter of zeros that is added to it.</summary>
    public static NetworkValue Varied(NetworkBuilder network, string parameter, params int[] shape)
    {
        NetworkValue input = network.Input(shape);
        int count = shape.Aggregate(1, (a, b) => a * b);
        OnnxTensor zeros = OnnxTensor.FromFloats(parameter, [1, count], new float[count]);
        var added = new NetworkValue(network, network.AddInitializer(zeros, isConstant: false), [count]);
        return input + added.Reshape([.. shape.Select(size => (long)size)]);
    }

    /// <summary>A step without its update of a graph whose outputs begin with the loss of each row.</summary>
    public static (float Loss, float[] Output, IReadOnlyDictionary<string, OnnxTensor> Gradients) Compute(
        OnnxGraph graph,
        int rows,
        int width,
        params float[][] inputs
    )
    {
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions { Loss = DenseTargets.FirstValue, Precision = TrainingPrecision.Float32 }
        );
        var targets = new DenseTargets(width, "");
        var encoded = new float[rows * targets.TargetWidth(training: true)];
        float weight = targets.Encode(Enumerable.Range(0, rows).ToArray(), training: true, encoded);
        return session.ComputeGradients(
            new TrainingBatch
            {
                Count = rows,
                Inputs = [.. inputs.Select(input => (ReadOnlyMemory<float>)input)],
                Targets = encoded,
                TargetWeight = weight,
            }
        );
    }

    /// <summary>Compares gradients summed over the rows.</summary>
    public static void Same(float[] expected, int rows, OnnxTensor gradient)
    {
        float[] actual = gradient.ToFloats(),
            sums = new float[actual.Length];
        Assert.Equal(expected.Length, rows * actual.Length);
        for (int i = 0; i < expected.Length; i++)
            sums[i % actual.Length] += expected[i];
        float scale = sums.Max(Math.Abs);
        Assert.Equal(sums, actual, (a, b) => Math.Abs(a - b) <= 2e-5 * scale);
    }
}
