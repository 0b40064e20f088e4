using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.TrainingContract;
using TorchSharp;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>Backward passes in several calls of libtorch.</summary>
public class SegmentedBackwardTests
{
    private const int Classes = 10;

    public static TheoryData<Network, int, int> Networks =>
        new()
        {
            { new MobileNetV2(0.5f), 96, 8 },
            { new ResNet(18), 64, 8 },
            {
                new ConvNeXt { Depths = [1, 1, 2, 1], Widths = [16, 32, 64, 128] },
                96,
                8
            },
            {
                new VisionTransformer
                {
                    Features = 64,
                    Blocks = 3,
                    Heads = 4,
                },
                224,
                4
            },
        };

    [Theory, MemberData(nameof(Networks))]
    public void Gradients_are_those_of_one_call(Network network, int side, int rows) =>
        AssertSame(network, side, rows, () => new TrainingSessionOptions());

    [Theory, MemberData(nameof(Networks))]
    public void Sums_of_gradients_of_16_bits_and_averaged_weights_are_too(Network network, int side, int rows) =>
        AssertSame(
            network,
            side,
            rows,
            () =>
                new TrainingSessionOptions
                {
                    Precision = TrainingPrecision.BFloat16,
                    GradientAccumulation = 2,
                    WeightAveraging = new ExponentialMovingAverage(),
                }
        );

    [Fact]
    public void Hints_of_a_teacher_are_too()
    {
        OnnxGraph graph = new ResNet9().Build(outputs: 4, height: 32, width: 32);
        // A layer's values beside the answer, as in distillation with hints.
        OnnxNode middle = graph.Nodes.Where(n => n.OpType == "Conv").ElementAt(3);
        graph = graph with
        {
            Nodes =
            [
                .. graph.Nodes,
                OnnxNode.Create("GlobalAveragePool", [middle.Outputs[0]], ["pooled"]),
                OnnxNode.Create("Flatten", ["pooled"], ["hints"]),
                OnnxNode.Create("Concat", [graph.Outputs[0].Name, "hints"], ["both"], OnnxAttribute.Of("axis", 1)),
            ],
        };
        int hints = (int)graph.Initializers[middle.Inputs[1]].Shape[0];
        graph = graph with { Outputs = [OnnxValue.Create("both", OnnxElementType.Float, -1, 4 + hints)] };
        var loss = new Distillation { Hints = hints };
        AssertSame(graph, 32, 32, () => new TrainingSessionOptions { Loss = loss }, loss.TargetWidth(4 + hints));
    }

    [Fact]
    public void Steps_that_are_broken_off_at_any_moment_leave_no_trace()
    {
        OnnxGraph graph = new MobileNetV2(0.5f).Build(Classes, height: 96, width: 96);
        TrainingSessionOptions Options() =>
            new()
            {
                Precision = TrainingPrecision.Float32,
                // A step that is broken off has drawn.
                Dropout = false,
                GradientAccumulation = 2,
                WeightAveraging = new ExponentialMovingAverage(),
            };
        TrainingSessionOptions options = Options();
        using var first = new CancellationTokenSource();
        options.CancellationToken = first.Token;
        using var session = new TorchSharpSession(graph, options);
        using var reference = new TorchSharpSession(graph, Options());
        TrainingBatch batch = Batch(16, 96, Classes, 1);
        session.Step(batch, 0.01f);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        session.Step(batch, 0.01f);
        TimeSpan time = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        int steps = 2,
            brokenOff = 0;
        for (double moment = 0.1; moment < 1; moment += 0.1)
        {
            using var cancellation = new CancellationTokenSource(time * moment);
            options.CancellationToken = cancellation.Token;
            try
            {
                session.Step(batch, 0.01f);
                steps++;
            }
            catch (OperationCanceledException)
            {
                brokenOff++;
            }
            options.CancellationToken = first.Token;
            session.Step(batch, 0.01f);
            steps++;
        }
        for (int i = 0; i < steps; i++)
            reference.Step(batch, 0.01f);
        Assert.True(brokenOff > 0);
        Assert.Equal(reference.ReadWeights().ToDictionary(w => w.Key, Values), session.ReadWeights().ToDictionary(w => w.Key, Values));
    }

    [Fact]
    public void A_token_ends_a_pass_between_two_segments()
    {
        using IDisposable scope = torch.NewDisposeScope();
        torch.Tensor early = torch.ones(3, requires_grad: true),
            late = torch.ones(3, requires_grad: true);
        SegmentedBackward backward = SegmentedBackward.Create(Instructions(), Lowered(rows: 4_000_000), Trainable, 3)!;
        torch.Tensor Loss()
        {
            torch.Tensor?[] slots = [early, late, null, null];
            backward.Begin();
            slots[2] = slots[0]!.mul(2);
            backward.Cut(0, slots);
            slots[3] = slots[2]!.mul(slots[1]!);
            backward.Cut(1, slots);
            return CancelGoingBack.Apply(slots[3]!).sum();
        }

        using (var cancellation = new CancellationTokenSource())
        {
            CancelGoingBack.Cancellation = cancellation;
            Assert.Throws<OperationCanceledException>(() => backward.Run(Loss(), cancellation.Token));
        }
        CancelGoingBack.Cancellation = null;
        Assert.Equal([2f, 2, 2], late.grad!.data<float>().ToArray());
        Assert.Null(early.grad);

        late.grad!.zero_();
        backward.Run(Loss(), default);
        Assert.Equal([2f, 2, 2], early.grad!.data<float>().ToArray());
        Assert.Equal([2f, 2, 2], late.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Short_steps_are_one_call()
    {
        Instruction[] instructions = Instructions();
        Assert.Null(SegmentedBackward.Create(instructions, Lowered(rows: 100), Trainable, 3));
        Assert.NotNull(SegmentedBackward.Create(instructions, Lowered(rows: 4_000_000), Trainable, 3));
    }

    [Fact]
    public void A_parameter_that_both_sides_read_is_not_cut()
    {
        Instruction[] instructions = Instructions();
        instructions[1].Inputs[1] = 0;
        Assert.Null(SegmentedBackward.Create(instructions, Lowered(rows: 4_000_000), Trainable, 3));
    }

    private static readonly HashSet<int> Trainable = [0, 1];

    /// <summary>Two nodes with a parameter each; slots 0 and 1 hold the parameters, 2 and 3 what the nodes make.</summary>
    private static Instruction[] Instructions() =>
        [
            new(OnnxNode.Create("Relu", ["early"], ["middle"]), (_, _) => [], [0], [2]),
            new(OnnxNode.Create("Conv", ["middle", "late"], ["end"]), (_, _) => [], [2, 1], [3]),
        ];

    /// <summary>Their types, which the work is estimated from.</summary>
    private static LoweredGraph Lowered(long rows)
    {
        var type = new TensorType(OnnxElementType.Float, [rows, 3]);
        return new LoweredGraph(
            SmallNetwork.Create(),
            new Dictionary<string, TensorType>
            {
                ["early"] = type,
                ["middle"] = type,
                ["late"] = new(OnnxElementType.Float, [3]),
                ["end"] = type,
            }
        );
    }

    private static void AssertSame(Network network, int side, int rows, Func<TrainingSessionOptions> options) =>
        AssertSame(network.Build(Classes, height: side, width: side), side, rows, options, Classes);

    private static void AssertSame(OnnxGraph graph, int side, int rows, Func<TrainingSessionOptions> options, int targets)
    {
        using var whole = new TorchSharpSession(graph, options());
        using var cancellation = new CancellationTokenSource();
        TrainingSessionOptions cancelable = options();
        cancelable.CancellationToken = cancellation.Token;
        using var segmented = new TorchSharpSession(graph, cancelable);
        for (int i = 0; i < 2; i++)
        {
            TrainingBatch batch = Batch(rows, side, targets, i);
            Assert.Equal(whole.Step(batch, 0.01f), segmented.Step(batch, 0.01f));
            IReadOnlyDictionary<string, OnnxTensor> gradients = segmented.ReadGradients();
            foreach ((string name, OnnxTensor expected) in whole.ReadGradients())
                Assert.True(
                    expected.Span<float>().SequenceEqual(gradients[name].Span<float>()),
                    $"the gradient of {name} differs in step {i}"
                );
        }
        Assert.True(segmented.IsSegmented);
        Assert.False(whole.IsSegmented);
    }

    private static TrainingBatch Batch(int rows, int side, int targets, int seed)
    {
        var random = new Random(seed);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        return new TrainingBatch
        {
            Count = rows,
            Inputs = [Values(rows * 3 * side * side)],
            Targets = Values(rows * targets),
            TargetWeight = rows,
        };
    }

    private static float[] Values(KeyValuePair<string, OnnxTensor> weight) => weight.Value.ToFloats();

    /// <summary>The identity; a backward pass that comes through cancels.</summary>
    private sealed class CancelGoingBack : torch.autograd.SingleTensorFunction<CancelGoingBack>
    {
        public static CancellationTokenSource? Cancellation { get; set; }

        public override string Name => nameof(CancelGoingBack);

        public static torch.Tensor Apply(torch.Tensor value) => apply(value);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars) => ((torch.Tensor)vars[0]).mul(1);

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            Cancellation?.Cancel();
            return [grad_output.mul(1)];
        }
    }
}
