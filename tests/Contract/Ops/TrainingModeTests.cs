using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.TrainingContract.Ops;

/// <summary>Ops that behave differently in a training step.</summary>
public sealed class TrainingModeTests
{
    [Fact]
    public void Batch_normalization_updates_running_statistics_as_PyTorch_does()
    {
        // One channel with the values 1, 2, 3, 6: mean 3, unbiased variance 14 / 3, biased 3.5. ONNX's momentum 0.7 keeps 0.7.
        using ITrainingSession session = BatchNormalization(
            [2, 1, 2, 1],
            scale: 2,
            bias: 1,
            mean: 10,
            variance: 20,
            Of("momentum", 0.7f),
            Of("epsilon", 0.5f)
        );
        var batch = new TrainingBatch
        {
            Count = 2,
            Inputs = [new float[] { 1, 2, 3, 6 }],
            Targets = new float[4],
            TargetWeight = 2,
        };

        float[] y = session.ComputeGradients(batch).Output;
        Assert.Equal((10f, 20f), Statistics(session));
        session.Step(batch, 0);

        (float mean, float variance) = Statistics(session);
        Assert.Equal(7.9, mean, 1e-5);
        Assert.Equal((0.7 * 20) + (0.3 * 14 / 3), variance, 1e-5);
        Assert.Equal(1 + (2 * (6 - 3) / Math.Sqrt(3.5 + 0.5)), y[3], 1e-5);
    }

    [Fact]
    public void Batch_normalization_uses_running_statistics_where_one_value_has_no_variance()
    {
        using ITrainingSession session = BatchNormalization([1, 1, 1, 1], scale: 1, bias: 0, mean: 3, variance: 4);
        var batch = new TrainingBatch
        {
            Count = 1,
            Inputs = [new float[] { 5 }],
            Targets = new float[1],
        };

        float[] y = session.ComputeGradients(batch).Output;
        session.Step(batch, 0);

        Assert.Equal(1, y[0], 1e-4);
        Assert.Equal((3f, 4f), Statistics(session));
    }

    [Fact]
    public void Dropout_drops_its_share_and_scales_the_rest()
    {
        float[] values = Dropout(seed: 3),
            again = Dropout(seed: 3),
            others = Dropout(seed: 4);

        Assert.Equal(0.3, values.Count(v => v == 0) / 1e4, 0.02);
        Assert.All(values.Where(v => v != 0), v => Assert.Equal(1 / 0.7, v, 1e-3));
        Assert.Equal(values, again);
        Assert.NotEqual(values, others);
    }

    private static float[] Dropout(int seed)
    {
        OnnxTensor ratio = OnnxTensor.FromFloats("ratio", [], [0.3f]);
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 100)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 100)],
            Nodes = [OnnxNode.Create("Dropout", ["x", "ratio"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor> { [ratio.Name] = ratio },
        };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Seed = seed,
                Loss = new MeanSquaredError(),
                Precision = TrainingPrecision.Float32,
            }
        );
        float[] x = new float[100 * 100];
        Array.Fill(x, 1);
        return session
            .ComputeGradients(
                new TrainingBatch
                {
                    Count = 100,
                    Inputs = [x],
                    Targets = x,
                    TargetWeight = 100,
                }
            )
            .Output;
    }

    private static ITrainingSession BatchNormalization(
        long[] shape,
        float scale,
        float bias,
        float mean,
        float variance,
        params OnnxAttribute[] attributes
    )
    {
        OnnxTensor[] initializers = [Single("scale", scale), Single("bias", bias), Single("mean", mean), Single("var", variance)];
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, shape)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, shape)],
            Nodes = [OnnxNode.Create("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y"], attributes)],
            Initializers = initializers.ToDictionary(t => t.Name),
        };
        return RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Loss = new MeanSquaredError(),
                Optimizer = new Sgd(),
                Precision = TrainingPrecision.Float32,
            }
        );

        static OnnxTensor Single(string name, float value) => OnnxTensor.FromFloats(name, [1], [value]);
    }

    private static (float Mean, float Variance) Statistics(ITrainingSession session)
    {
        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        return (weights["mean"].ToFloats()[0], weights["var"].ToFloats()[0]);
    }
}
