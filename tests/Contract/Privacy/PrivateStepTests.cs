using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TrainingContract.Privacy;

/// <summary>Steps of DP-SGD: the gradient of each example is clipped by itself.</summary>
public class PrivateStepTests
{
    private const int Rows = 5,
        Classes = 3;

    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "dpsgd_clip.json");

    /// <summary>Layers whose weights several nodes read, one for each step of a sequence, or that have no rule.</summary>
    private static readonly string[] Refused = ["Gru", "Lstm", "Rnn", "transposed"];

    public static TheoryData<string> Names => [.. LayerCases.All.Keys];

    [Fact]
    public void Clipped_sums_are_the_golden_ones()
    {
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            GoldenNetwork(),
            Options(Golden.GetProperty("clip").GetSingle(), expected: 1)
        );
        int[] labels = [.. Golden.GetProperty("labels").Doubles().Select(l => (int)l)];
        float loss = session.Step(Batches.Create(Golden.GetProperty("x").Singles(), labels, Classes), 0);
        Assert.Equal(Golden.GetProperty("losses").Doubles().Average(), loss, 1e-5);
        JsonElement sums = Golden.GetProperty("opacus_eps_1e6").GetProperty("sums");
        foreach ((string name, OnnxTensor gradient) in ((IGradientSource)session).ReadGradients())
            Assert.Equal(sums.GetProperty(name).Singles(), gradient.ToFloats(), (a, b) => Math.Abs(a - b) < 2e-5f);
    }

    /// <summary>What each layer's gradients are clipped to is what one step for each example gives.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Clipped_sums_are_those_of_one_example_at_a_time(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder(seed: 1);
        OnnxGraph graph = network.Build(network.Input(test.Input).Then(test.Layer, new Flatten(), new Dense(Classes) { Name = "after" }));
        int size = test.Input.Aggregate((a, b) => a * b);
        if (Array.Exists(Refused, r => name.Contains(r, StringComparison.OrdinalIgnoreCase)))
            Assert.Throws<UnsupportedOpsException>(() => Compare(graph, size));
        else
            Compare(graph, size);
    }

    [Fact]
    public void Clipped_sums_of_a_transformer_are_those_of_one_example_at_a_time() =>
        Compare(
            new VisionTransformer
            {
                Features = 12,
                Heads = 2,
                Blocks = 2,
            }.Build(Classes, 3, 16, 16, seed: 2),
            3 * 16 * 16
        );

    [Fact]
    public void Clipped_sums_of_a_large_convolution_are_those_of_one_example_at_a_time() =>
        Compare(new LeNet5().Build(Classes, 3, 32, 32, seed: 2), 3 * 32 * 32);

    [Fact]
    public void Rows_that_fill_the_batch_do_not_count()
    {
        TrainingBatch batch = Batches.Random(3, Rows, 2 * 6 * 6, Classes),
            filled =
                new()
                {
                    Count = Rows,
                    Inputs = batch.Inputs,
                    Targets = batch.Targets,
                    Fillers = 2,
                },
            less =
                new()
                {
                    Count = Rows - 2,
                    Inputs = [batch.Inputs[0][..(3 * 72)]],
                    Targets = batch.Targets[..(3 * Classes)],
                };
        using ITrainingSession a = RuntimeUnderTest.CreateSession(GoldenNetwork(), Options(0.5f, Rows));
        using ITrainingSession b = RuntimeUnderTest.CreateSession(GoldenNetwork(), Options(0.5f, Rows));
        Assert.Equal(b.Step(less, 0.1f), a.Step(filled, 0.1f), 1e-5);
        AssertEqual(b.ReadWeights(), a.ReadWeights());
    }

    [Fact]
    public void A_step_without_examples_adds_noise_alone()
    {
        TrainingBatch batch = Batches.Random(3, Rows, 2 * 6 * 6, Classes),
            empty =
                new()
                {
                    Count = Rows,
                    Inputs = batch.Inputs,
                    Targets = batch.Targets,
                    Fillers = Rows,
                };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(GoldenNetwork(), Options(0.5f, expected: 4, noise: 2));
        Assert.Equal(0, session.Step(empty, 0));
        float[] noise = [.. ((IGradientSource)session).ReadGradients().Values.SelectMany(g => g.ToFloats())];
        Assert.True(noise.Length > 150);
        // The standard deviation is 2 x 0.5 / 4.
        Assert.InRange(Math.Sqrt(noise.Average(v => v * v)), 0.2, 0.3);
    }

    private static void Compare(OnnxGraph graph, int size)
    {
        TrainingBatch batch = Batches.Random(2, Rows, size, Classes);
        IReadOnlyDictionary<string, OnnxTensor>[] each = OneByOne(graph, batch, size);
        double[] norms = [.. each.Select(g => Math.Sqrt(g.Values.SelectMany(v => v.ToFloats()).Sum(v => (double)v * v)))];
        // Some are clipped, and some are not.
        float clip = (float)norms.Order().ElementAt(Rows / 2);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(graph, Options(clip, expected: 2));
        session.Step(batch, 0);
        foreach ((string name, OnnxTensor gradient) in ((IGradientSource)session).ReadGradients())
        {
            float[] expected = new float[gradient.Count];
            for (int row = 0; row < Rows; row++)
            {
                float[] own = each[row][name].ToFloats();
                double factor = Math.Min(1, clip / (norms[row] + 1e-6)) / 2;
                for (int i = 0; i < own.Length; i++)
                    expected[i] += (float)(factor * own[i]);
            }
            float tolerance = 1e-4f * Math.Max(0.1f, expected.Max(Math.Abs));
            Assert.Equal(expected, gradient.ToFloats(), (a, b) => Math.Abs(a - b) <= tolerance);
        }
    }

    private static IReadOnlyDictionary<string, OnnxTensor>[] OneByOne(OnnxGraph graph, TrainingBatch batch, int size)
    {
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                BatchNorm = BatchNormMode.Inference,
                Dropout = false,
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );
        return
        [
            .. Enumerable
                .Range(0, Rows)
                .Select(row =>
                    session
                        .ComputeGradients(
                            new TrainingBatch
                            {
                                Count = 1,
                                Inputs = [batch.Inputs[0].Slice(row * size, size)],
                                Targets = batch.Targets.Slice(row * Classes, Classes),
                            }
                        )
                        .Gradients
                ),
        ];
    }

    private static TrainingSessionOptions Options(float clip, float expected, float noise = 0) =>
        new()
        {
            BatchNorm = BatchNormMode.Inference,
            Dropout = false,
            Threads = 1,
            Privacy = new GradientPrivacy(clip, noise, expected, NoiseSeed: 1),
        };

    private static void AssertEqual(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual)
    {
        foreach ((string name, OnnxTensor value) in expected)
            Assert.Equal(value.ToFloats(), actual[name].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    /// <summary>The network of the golden values.</summary>
    private static OnnxGraph GoldenNetwork()
    {
        JsonElement parameters = Golden.GetProperty("parameters");
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 21 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 2, 6, 6)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, Classes)],
            Nodes =
            [
                OnnxNode.Create(
                    "Conv",
                    ["x", "conv_w", "conv_b"],
                    ["conv"],
                    OnnxAttribute.Of("pads", 1L, 1, 1, 1),
                    OnnxAttribute.Of("strides", 2L, 2),
                    OnnxAttribute.Of("group", 2L)
                ),
                OnnxNode.Create("GroupNormalization", ["conv", "gn_w", "gn_b"], ["gn"], OnnxAttribute.Of("num_groups", 2L)),
                OnnxNode.Create("Relu", ["gn"], ["relu"]),
                OnnxNode.Create("Flatten", ["relu"], ["flat"]),
                OnnxNode.Create("Gemm", ["flat", "fc_w", "fc_b"], ["logits"], OnnxAttribute.Of("transB", 1L)),
            ],
            Initializers = parameters
                .EnumerateObject()
                .ToDictionary(p => p.Name, p => OnnxTensor.FromFloats(p.Name, p.Value.Shape(), p.Value.Singles())),
        };
    }
}
