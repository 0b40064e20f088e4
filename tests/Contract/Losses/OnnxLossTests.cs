using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.TrainingContract.Losses;

public class OnnxLossTests
{
    private const int Rows = 12;

    private static readonly float[] ClassWeights = [1, 2, 0.5f, 3];

    private static readonly int[] Labels = [.. Enumerable.Range(0, Rows).Select(row => row * 7 % 5 % SmallNetwork.Classes)];

    public static TheoryData<string, OnnxGraph> CrossEntropies =>
        new()
        {
            { "mean", LossGraphs.CrossEntropy("mean") },
            { "a value a row", LossGraphs.CrossEntropy("none") },
            { "log-likelihood", LossGraphs.LogLikelihood() },
            { "one-hot targets", LossGraphs.SoftTargets() },
            { "weighted mean", LossGraphs.WeightedMean() },
            { "weighted rows", LossGraphs.WeightedRows() },
        };

    [Theory]
    [MemberData(nameof(CrossEntropies))]
    public void A_graph_of_cross_entropy_trains_like_the_built_in_loss(string name, OnnxGraph graph) =>
        AssertTrainsAlike(name, new CrossEntropy(), new OnnxLoss(graph), new TrainingSessionOptions { Optimizer = new Adam() });

    [Theory]
    [MemberData(nameof(CrossEntropies))]
    public void Summed_gradients_are_those_of_the_built_in_loss(string name, OnnxGraph graph) =>
        AssertTrainsAlike(name, new CrossEntropy(), new OnnxLoss(graph), new TrainingSessionOptions { GradientAccumulation = 2 });

    [Fact]
    public void Rows_are_weighted_by_class_like_the_built_in_loss()
    {
        foreach (
            OnnxGraph graph in new[]
            {
                LossGraphs.CrossEntropy("none"),
                LossGraphs.SoftTargets(),
                LossGraphs.WeightedMean(),
                LossGraphs.WeightedRows(),
            }
        )
        foreach (int steps in new[] { 1, 2 })
            AssertTrainsAlike(
                $"{graph.Nodes[^1].OpType}, {steps}",
                new CrossEntropy(ClassWeights: ClassWeights),
                new OnnxLoss(graph) { ClassWeights = ClassWeights },
                new TrainingSessionOptions { GradientAccumulation = steps }
            );
    }

    [Fact]
    public void The_loss_computes_in_32_bits_behind_a_network_of_16_bits()
    {
        using ITrainingSession expected = Session(new CrossEntropy()),
            session = Session(new OnnxLoss(LossGraphs.CrossEntropy("mean")));
        Assert.Equal(
            expected.Step(Batch(new CrossEntropy(), ..8), 0.1f),
            session.Step(Batch(new OnnxLoss(LossGraphs.CrossEntropy("mean")), ..8), 0.1f),
            1e-5f
        );

        static ITrainingSession Session(Loss loss) =>
            SmallNetwork.CreateSession(new TrainingSessionOptions { Loss = loss, Precision = TrainingPrecision.BFloat16 });
    }

    public static TheoryData<string, OnnxGraph, Loss?> OwnLosses =>
        new()
        {
            { "focal", LossGraphs.Focal(1.5f), null },
            { "quantile", LossGraphs.Quantile(0.8f), null },
            { "huber", LossGraphs.Huber(0.7f), new Huber(0.7f) },
            { "squared error", LossGraphs.SquaredError(), new MeanSquaredError() },
        };

    [Theory]
    [MemberData(nameof(OwnLosses))]
    public void Values_and_gradients_are_those_of_ONNX_Runtime(string name, OnnxGraph graph, Loss? same)
    {
        const int width = 3,
            rows = 5;
        var loss = new OnnxLoss(graph);
        var random = new Random(2);
        float[] outputs = [.. Enumerable.Range(0, rows * width).Select(_ => 2 * random.NextSingle() - 1)],
            own = [.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle())],
            targets = [.. own.Chunk(width).SelectMany(row => row.Append(1))];
        using ITrainingSession session = Biased(loss, width);
        var batch = new TrainingBatch
        {
            Count = rows,
            Inputs = [outputs],
            Targets = targets,
            TargetWeight = rows,
        };

        (float value, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);

        using ILossMeasure measure = loss.OpenMeasure();
        Assert.Equal(measure.Sum(outputs, targets, width) / rows, value, 1e-5f);
        if (same is not null)
            Assert.Equal(same.Sum(outputs, own, width) / rows, value, 1e-5f);
        for (int output = 0; output < width; output++)
        {
            const float step = 1e-2f;
            double slope = (At(step) - At(-step)) / (2 * step * rows);
            Assert.True(
                Math.Abs(slope - gradients["bias"].ToFloats()[output]) < 1e-3,
                $"{name}: {slope} {gradients["bias"].ToFloats()[output]}"
            );

            double At(float change) =>
                measure.Sum([.. outputs.Select((value, i) => i % width == output ? value + change : value)], targets, width);
        }
    }

    [Fact]
    public void A_focal_loss_that_PyTorch_exported_has_its_value_and_gradient()
    {
        using var record = new Npz(GoldenFiles.PathOf("losses.npz"));
        float[] logits = record.Singles("logits"),
            labels = [.. record.Integers("labels").Select(label => (float)label)];
        int rows = labels.Length,
            width = logits.Length / rows;
        var loss = OnnxLoss.FromFile(GoldenFiles.PathOf("losses/focal.onnx"));
        float[] targets = [.. labels.SelectMany(label => new[] { label, 1 })];
        using ITrainingSession session = Biased(loss, width);
        var batch = new TrainingBatch
        {
            Count = rows,
            Inputs = [logits],
            Targets = targets,
            TargetWeight = rows,
        };

        (float value, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);

        Assert.Equal(record.Singles("focal_gamma2/value")[0], value, 1e-5f);
        Assert.Equal(value, loss.Sum(logits, targets, width) / rows, 1e-5);
        float[] expected = record.Singles("focal_gamma2/grad");
        for (int output = 0; output < width; output++)
            Assert.Equal(expected.Where((_, i) => i % width == output).Sum(), gradients["bias"].ToFloats()[output], 1e-5f);
    }

    [Fact]
    public void Regression_of_one_output_takes_targets_without_a_second_dimension()
    {
        OnnxGraph graph = LossGraphs.Of(
            [OnnxValue.Create("output", OnnxElementType.Float, -1), OnnxValue.Create("targets", OnnxElementType.Float, -1)],
            [OnnxNode.Create("Sub", ["output", "targets"], ["error"]), OnnxNode.Create("Mul", ["error", "error"], ["loss"])]
        );
        using ITrainingSession session = Biased(new OnnxLoss(graph), 1);
        var batch = new TrainingBatch
        {
            Count = 2,
            Inputs = [new float[] { 3, 5 }],
            Targets = new float[] { 1, 1, 2, 3 },
            TargetWeight = 4,
        };
        (float value, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);
        Assert.Equal((1 * 4 + 3 * 9) / 4f, value, 1e-5f);
        Assert.Equal((1 * 4 + 3 * 6) / 4f, gradients["bias"].ToFloats()[0], 1e-5f);
    }

    public static TheoryData<string, OnnxGraph> Unfit
    {
        get
        {
            OnnxGraph good = LossGraphs.SquaredError();
            OnnxValue output = good.Inputs[0],
                targets = good.Inputs[1];
            return new()
            {
                { "has 1 inputs", good with { Inputs = [output] } },
                { "expected one: the loss", good with { Outputs = [good.Outputs[0], output] } },
                {
                    "as the network's output, expected Float",
                    good with
                    {
                        Inputs = [output with { ElementType = OnnxElementType.Double }, targets],
                    }
                },
                { "takes targets", good with { Inputs = [output, targets with { ElementType = OnnxElementType.Bool }] } },
                {
                    "as the weights of the rows",
                    good with
                    {
                        Inputs = [output, targets, targets with { Name = "w", ElementType = OnnxElementType.Int64 }],
                    }
                },
                {
                    "does not depend on its first input 'output'",
                    LossGraphs.Of([output, targets], [OnnxNode.Create("ReduceMean", ["targets"], ["loss"])])
                },
                {
                    "ArgMax 'hard' passes none back",
                    LossGraphs.Of(
                        [output, targets],
                        [
                            OnnxNode.Create("ArgMax", ["output"], ["class"]) with
                            {
                                Name = "hard",
                            },
                            OnnxNode.Create("Cast", ["class"], ["loss"], OnnxAttribute.Of("to", 1)),
                        ]
                    )
                },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_graph_that_is_no_loss_is_refused_at_once(string expected, OnnxGraph graph) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new OnnxLoss(graph)).Message, StringComparison.Ordinal);

    public static TheoryData<string, OnnxGraph> UnfitForOutputs
    {
        get
        {
            OnnxGraph good = LossGraphs.SquaredError();
            return new()
            {
                {
                    "gives [5, 3] for 5 rows",
                    LossGraphs.Of([good.Inputs[0], good.Inputs[1]], [OnnxNode.Create("Sub", ["output", "targets"], ["loss"])])
                },
                {
                    "does not fit a network of 3 outputs",
                    good with
                    {
                        Inputs = [OnnxValue.Create("output", OnnxElementType.Float, -1, 10), good.Inputs[1]],
                    }
                },
                {
                    "is for 3 values a row",
                    good with
                    {
                        Inputs = [good.Inputs[0], OnnxValue.Create("targets", OnnxElementType.Float, -1)],
                    }
                },
            };
        }
    }

    [Theory]
    [MemberData(nameof(UnfitForOutputs))]
    public void A_graph_for_other_outputs_is_refused_before_training(string expected, OnnxGraph graph)
    {
        var loss = new OnnxLoss(graph);
        Assert.Contains(
            expected,
            Assert.Throws<ArgumentException>(() => RuntimeUnderTest.Create().Check(loss, 3)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_operator_that_the_runtime_lacks_is_named_with_the_graph_and_the_node()
    {
        var loss = new OnnxLoss(
            LossGraphs.Of(
                [.. LossGraphs.SquaredError().Inputs],
                [
                    OnnxNode.Create("Sub", ["output", "targets"], ["error"]),
                    OnnxNode.Create("Det", ["error"], ["loss"]) with
                    {
                        Name = "volume",
                    },
                ]
            )
        );
        Exception error = Assert.ThrowsAny<Exception>(() => RuntimeUnderTest.Create().Check(loss, 3));
        Assert.Contains("Det 'volume'", error.Message, StringComparison.Ordinal);
        Assert.Contains("own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_number_for_all_rows_does_not_go_with_class_weights()
    {
        var loss = new OnnxLoss(LossGraphs.CrossEntropy("mean")) { ClassWeights = ClassWeights };
        Assert.Contains(
            "one value for each row",
            Assert.Throws<ArgumentException>(() => RuntimeUnderTest.Create().Check(loss, SmallNetwork.Classes)).Message,
            StringComparison.Ordinal
        );
    }

    private static void AssertTrainsAlike(string name, CrossEntropy expected, OnnxLoss loss, TrainingSessionOptions options)
    {
        (IReadOnlyDictionary<string, OnnxTensor> Weights, float[] Losses) Train(Loss trained)
        {
            options.Loss = trained;
            using ITrainingSession session = SmallNetwork.CreateSession(options);
            // The last batch is a smaller one.
            float[] losses = [.. new[] { ..5, 5..10, 10..12, ..5 }.Select(rows => session.Step(Batch(trained, rows), 0.05f))];
            return (session.ReadWeights(), losses);
        }

        (IReadOnlyDictionary<string, OnnxTensor> weights, float[] losses) = Train(expected);
        (IReadOnlyDictionary<string, OnnxTensor> actual, float[] own) = Train(loss);
        Assert.Equal(losses, own, (a, b) => Math.Abs(a - b) < 1e-5f);
        foreach ((string parameter, OnnxTensor value) in weights)
            Assert.True(
                value.ToFloats().Zip(actual[parameter].ToFloats()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4f),
                $"{name}: {parameter}"
            );
    }

    private static TrainingBatch Batch(Loss loss, Range rows)
    {
        TrainingTargets targets = new ClassTargets(Labels, SmallNetwork.Classes, loss as CrossEntropy ?? new CrossEntropy());
        if (loss is OnnxLoss own)
            targets = new OnnxLossTargets(targets, own);
        int[] chosen = [.. Enumerable.Range(0, Rows).Take(rows)];
        float[] encoded = new float[chosen.Length * targets.TargetWidth(training: true)];
        float weight = targets.Encode(chosen, training: true, encoded);
        (int offset, int count) = rows.GetOffsetAndLength(Rows);
        return new TrainingBatch
        {
            Count = count,
            Inputs =
            [
                Batches
                    .Random(4, Rows, SmallNetwork.RowSize, SmallNetwork.Classes)
                    .Inputs[0]
                    .Slice(offset * SmallNetwork.RowSize, count * SmallNetwork.RowSize),
            ],
            Targets = encoded,
            TargetWeight = weight,
        };
    }

    /// <summary>A network that adds a bias to its input.</summary>
    private static ITrainingSession Biased(Loss loss, int width)
    {
        OnnxTensor bias = OnnxTensor.FromFloats("bias", [width], new float[width]);
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, width)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, width)],
            Nodes = [OnnxNode.Create("Add", ["x", "bias"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor> { [bias.Name] = bias },
        };
        return RuntimeUnderTest.CreateSession(graph, new TrainingSessionOptions { Loss = loss, Precision = TrainingPrecision.Float32 });
    }
}
