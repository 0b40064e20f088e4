using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TrainingContract;

/// <summary>Makes batches for tests.</summary>
internal static class Batches
{
    /// <summary>A batch of one input, with encoded class labels.</summary>
    public static TrainingBatch Create(ReadOnlyMemory<float> values, ReadOnlySpan<int> labels, int classes)
    {
        float[] targets = new float[labels.Length * classes];
        float weight = new CrossEntropy().Encode(labels, classes, targets);
        return new TrainingBatch
        {
            Count = labels.Length,
            Inputs = [values],
            Targets = targets,
            TargetWeight = weight,
        };
    }

    /// <summary>Normally distributed values from a seed, with labels from it.</summary>
    public static TrainingBatch Random(int seed, int rows, int valuesPerRow, int classes)
    {
        var random = new Random(seed);
        return Create(Normal(random, rows * valuesPerRow), [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))], classes);
    }

    /// <summary>A tensor of normally distributed values.</summary>
    public static OnnxTensor Weight(Random random, string name, params long[] shape) =>
        OnnxTensor.FromFloats(name, shape, Normal(random, (int)shape.Aggregate(1L, (a, b) => a * b), 0.3f));

    public static float[] Predict(ITrainingSession session, TrainingBatch batch, int classes)
    {
        float[] output = new float[batch.Count * classes];
        session.Predict(batch, output);
        return output;
    }

    private static float[] Normal(Random random, int count, float scale = 1)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
