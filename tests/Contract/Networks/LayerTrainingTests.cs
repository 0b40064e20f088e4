using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Networks;

public class LayerTrainingTests
{
    private const int Classes = 3,
        Rows = 6;

    public static TheoryData<string> Names => [.. LayerCases.All.Keys];

    /// <summary>A layer between two others: it must let gradients through to the first, and its own parameters must get some.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_trains(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder(seed: 1);
        NetworkValue input = network.Input(test.Input);
        OnnxGraph graph = network.Build(
            input.Then(new LayerScale(1) { Name = "before" }, test.Layer, new Flatten(), new Dense(Classes) { Name = "after" })
        );
        int size = test.Input.Aggregate((a, b) => a * b);
        TrainingBatch batch = Batches.Random(2, Rows, size, Classes);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
                Dropout = false,
            }
        );

        (float first, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);
        Assert.All(gradients, g => Assert.True(g.Value.ToFloats().Any(v => v != 0), $"no gradient reaches {g.Key}"));
        Assert.Equal(ParameterAnalysis.FindParameters(graph).Select(t => t.Name).Order(), gradients.Keys.Order());
        float last = first;
        for (int i = 0; i < 25; i++)
            last = session.Step(batch, 0.02f);
        Assert.True(last < 0.9f * first, $"loss {first} -> {last}");
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("spatial dropout")]
    [InlineData("stochastic depth")]
    public void Drops_whole_parts_and_keeps_the_mean(string name)
    {
        const float rate = 0.3f;
        const int rows = 400,
            channels = 5,
            side = 3;
        Layer layer = name switch
        {
            "dropout" => new Dropout(rate),
            "spatial dropout" => new SpatialDropout2D(rate),
            _ => new StochasticDepth(rate),
        };
        OnnxGraph graph = new Sequential(new LayerScale(1), layer, new Flatten()).Build(channels, side, side);
        float[] ones = new float[rows * channels * side * side];
        Array.Fill(ones, 1);
        var batch = new TrainingBatch
        {
            Count = rows,
            Inputs = [ones],
            Targets = ones,
            TargetWeight = rows,
        };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Seed = 4,
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );
        float[] output = session.ComputeGradients(batch).Output;

        int part = name switch
        {
            "dropout" => 1,
            "spatial dropout" => side * side,
            _ => channels * side * side,
        };
        float[][] parts = [.. output.Chunk(part)];
        Assert.All(parts, p => Assert.All(p, v => Assert.Equal(p[0], v)));
        Assert.All(parts, p => Assert.True(p[0] == 0 || Math.Abs(p[0] - 1 / (1 - rate)) < 1e-5f, $"{p[0]}"));
        double dropped = parts.Count(p => p[0] == 0) / (double)parts.Length;
        Assert.Equal(rate, dropped, 4 * Math.Sqrt(rate * (1 - rate) / parts.Length));
        Assert.All(Predict(session, batch, channels * side * side), v => Assert.Equal(1, v));
    }

    private static float[] Predict(ITrainingSession session, TrainingBatch batch, int size) => Batches.Predict(session, batch, size);

    /// <summary>Normalizations whose scale and bias are constants, and those that read the images themselves.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Normalizations_train_frozen_and_in_the_first_place(bool first, bool frozen)
    {
        foreach (Layer norm in new Layer[] { new GroupNorm(2), new InstanceNorm(), new LayerNorm() })
        {
            Layer[] layers = first ? [norm] : [new Conv2D(4, 3), norm];
            OnnxGraph graph = new Sequential([.. layers, new Relu(), new Flatten(), new Dense(Classes) { Name = "after" }]).Build(4, 6, 6);
            string[] parameters =
            [
                .. ParameterAnalysis
                    .FindParameters(graph)
                    .Select(p => p.Name)
                    .Where(name => !frozen || !name.Contains("norm", StringComparison.OrdinalIgnoreCase)),
            ];
            using ITrainingSession session = RuntimeUnderTest.CreateSession(
                graph,
                new TrainingSessionOptions
                {
                    Optimizer = new Adam(),
                    Precision = TrainingPrecision.Float32,
                    Threads = 1,
                    TrainableParameters = parameters,
                }
            );
            TrainingBatch batch = Batches.Random(2, Rows, 4 * 6 * 6, Classes);
            float start = session.Step(batch, 0.02f),
                last = start;
            for (int i = 0; i < 10; i++)
                last = session.Step(batch, 0.02f);
            Assert.True(last < start, $"{norm}: {start} -> {last}");
        }
    }

    /// <summary>As PyTorch exports GroupNorm: a normalization by constants, and its scale and bias in nodes of their own.</summary>
    [Theory]
    [InlineData("GroupNormalization")]
    [InlineData("InstanceNormalization")]
    public void Normalizations_with_their_scale_apart_train(string norm)
    {
        OnnxAttribute[] settings = norm == "GroupNormalization" ? [OnnxAttribute.Of("num_groups", 2L)] : [];
        var random = new Random(1);
        OnnxTensor[] weights =
        [
            Batches.Weight(random, "conv_weight", 4, 4, 3, 3),
            OnnxTensor.FromFloats("one", [4], [1, 1, 1, 1]),
            OnnxTensor.FromFloats("zero", [4], new float[4]),
            Batches.Weight(random, "scale", 4, 1, 1),
            Batches.Weight(random, "bias", 4, 1, 1),
            Batches.Weight(random, "fc_weight", Classes, 64),
        ];
        OnnxGraph graph = new()
        {
            Opsets = new Dictionary<string, int> { [""] = 21 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 4, 6, 6)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, Classes)],
            Nodes =
            [
                OnnxNode.Create("Conv", ["x", "conv_weight"], ["conv"]),
                OnnxNode.Create(norm, ["conv", "one", "zero"], ["bare"], settings),
                OnnxNode.Create("Mul", ["bare", "scale"], ["scaled"]),
                OnnxNode.Create("Add", ["scaled", "bias"], ["moved"]),
                OnnxNode.Create("Relu", ["moved"], ["relu"]),
                OnnxNode.Create("Flatten", ["relu"], ["flat"]),
                OnnxNode.Create("Gemm", ["flat", "fc_weight"], ["logits"], OnnxAttribute.Of("transB", 1L)),
            ],
            Initializers = weights.ToDictionary(w => w.Name),
        };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
                TrainableParameters = ["conv_weight", "scale", "bias", "fc_weight"],
            }
        );
        TrainingBatch batch = Batches.Random(2, Rows, 4 * 6 * 6, Classes);
        float start = session.Step(batch, 0.02f),
            last = start;
        for (int i = 0; i < 10; i++)
            last = session.Step(batch, 0.02f);
        Assert.True(last < start, $"{start} -> {last}");
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(2, 2, false)]
    public void Depthwise_convolutions_with_a_bias_train(int multiplier, int stride, bool first)
    {
        Layer depthwise = new DepthwiseConv2D(3)
        {
            Multiplier = multiplier,
            Strides = stride,
            Padding = 1,
        };
        Layer[] layers = first ? [depthwise] : [new Conv2D(4, 1), depthwise];
        OnnxGraph graph = new Sequential([.. layers, new Relu(), new Flatten(), new Dense(Classes)]).Build(4, 6, 6);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions { Optimizer = new Adam(), Threads = 1 }
        );
        TrainingBatch batch = Batches.Random(3, Rows, 4 * 6 * 6, Classes);
        float start = session.Step(batch, 0.02f),
            last = start;
        for (int i = 0; i < 10; i++)
            last = session.Step(batch, 0.02f);
        Assert.True(last < start, $"{start} -> {last}");
    }
}
