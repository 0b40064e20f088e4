using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract;

public class SessionTests
{
    private const int Classes = SmallNetwork.Classes,
        RowSize = SmallNetwork.RowSize;

    [Fact]
    public void Training_makes_the_loss_smaller()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        TrainingBatch batch = Batches.Random(1, 16, RowSize, Classes);
        float first = session.Step(batch, 0.01f),
            last = first;
        for (int i = 0; i < 60; i++)
            last = session.Step(batch, 0.03f);
        Assert.True(last < first / 2, $"{first} -> {last}");
    }

    [Fact]
    public void Batches_of_other_sizes_train_the_same_parameters()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        session.Step(Batches.Random(1, 16, RowSize, Classes), 0.1f);
        float[] before = session.ReadWeights()["fc.weight"].ToFloats();
        Assert.True(float.IsFinite(session.Step(Batches.Random(2, 5, RowSize, Classes), 0.1f)));
        Assert.NotEqual(before, session.ReadWeights()["fc.weight"].ToFloats());
        TrainingBatch three = Batches.Random(3, 3, RowSize, Classes);
        float[] alone = Batches.Predict(session, Batches.Create(three.Inputs[0][..RowSize], [0], Classes), Classes);
        Assert.Equal(alone, Batches.Predict(session, three, Classes)[..Classes], (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Seeds_decide_the_weights()
    {
        float[] a = Train(seed: 7),
            b = Train(seed: 7),
            c = Train(seed: 8);
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);

        static float[] Train(int seed)
        {
            using ITrainingSession session = CreateSession(new TrainingSessionOptions { Seed = seed }, dropout: true);
            for (int i = 0; i < 3; i++)
                session.Step(Batches.Random(i, 8, RowSize, Classes), 0.1f);
            return session.ReadWeights()["fc.weight"].ToFloats();
        }
    }

    [Fact]
    public void Dropout_can_be_switched_off()
    {
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        using ITrainingSession off = CreateSession(
            new TrainingSessionOptions { Dropout = false, BatchNorm = BatchNormMode.Inference },
            dropout: true
        );
        Assert.Equal(Batches.Predict(off, batch, Classes), off.ComputeGradients(batch).Output, (a, b) => Math.Abs(a - b) < 1e-5f);
        using ITrainingSession on = CreateSession(new TrainingSessionOptions { BatchNorm = BatchNormMode.Inference }, dropout: true);
        Assert.NotEqual(Batches.Predict(on, batch, Classes), on.ComputeGradients(batch).Output, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Only_the_named_parameters_change()
    {
        OnnxGraph graph = Network();
        using ITrainingSession session = CreateSession(
            new TrainingSessionOptions
            {
                TrainableParameters = ["fc.weight"],
                BatchNorm = BatchNormMode.Inference,
                Optimizer = new AdamW(),
            }
        );
        session.Step(Batches.Random(1, 8, RowSize, Classes), 0.1f);
        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        Assert.Equal(["bn.mean", "bn.var", "fc.weight"], weights.Keys.Order());
        Assert.Equal(graph.Initializers["bn.mean"].ToFloats(), weights["bn.mean"].ToFloats());
        Assert.NotEqual(graph.Initializers["fc.weight"].ToFloats(), weights["fc.weight"].ToFloats());
    }

    [Fact]
    public void Statistics_move_although_no_parameter_before_them_is_trained()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { TrainableParameters = ["fc.weight"] });
        session.Step(Batches.Random(1, 8, RowSize, Classes), 0.1f);
        Assert.NotEqual(Network().Initializers["bn.mean"].ToFloats(), session.ReadWeights()["bn.mean"].ToFloats());
    }

    [Fact]
    public void A_loss_that_is_not_finite_changes_nothing()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        session.Step(Batches.Random(1, 8, RowSize, Classes), 0.01f);
        IReadOnlyDictionary<string, OnnxTensor> before = session.ReadWeights();
        float[] values = new float[8 * RowSize];
        values[5] = float.NaN;
        Assert.True(float.IsNaN(session.Step(Batches.Create(values, new int[8], Classes), 0.01f)));
        foreach ((string name, OnnxTensor value) in session.ReadWeights())
            Assert.Equal(before[name].ToFloats(), value.ToFloats());
    }

    [Fact]
    public void Gradients_are_clipped_to_the_norm()
    {
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { ClipGradientNorm = 0.01f });
        IReadOnlyDictionary<string, OnnxTensor> before = session.ReadWeights();
        session.Step(batch, 1);
        IReadOnlyDictionary<string, OnnxTensor> after = session.ReadWeights();
        double square = before
            .Keys.Where(n => !n.StartsWith("bn.mean", StringComparison.Ordinal) && n != "bn.var")
            .Sum(n => before[n].ToFloats().Zip(after[n].ToFloats(), (a, b) => Math.Pow(a - b, 2)).Sum());
        Assert.Equal(0.01, Math.Sqrt(square), 1e-5);
    }

    [Fact]
    public void Gradients_of_the_latest_step_are_told()
    {
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        var source = Assert.IsAssignableFrom<IGradientSource>(session);
        IReadOnlyDictionary<string, OnnxTensor> first = source.ReadGradients(),
            expected = session.ComputeGradients(batch).Gradients;
        Assert.Equal(["bn.bias", "bn.weight", "conv.weight", "fc.bias", "fc.weight"], first.Keys.Order());
        Assert.All(first.Values, gradient => Assert.All(gradient.ToFloats(), value => Assert.Equal(0, value)));
        session.Step(batch, 0.1f);
        foreach ((string name, OnnxTensor gradient) in source.ReadGradients())
        {
            Assert.Equal(expected[name].Shape, gradient.Shape);
            Assert.Equal(expected[name].ToFloats(), gradient.ToFloats(), (a, b) => Math.Abs(a - b) < 1e-6f);
        }
    }

    [Fact]
    public void Weights_put_back_give_the_same_predictions()
    {
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        IReadOnlyDictionary<string, OnnxTensor> best = session.ReadWeights();
        float[] before = Batches.Predict(session, batch, Classes);
        session.Step(batch, 0.5f);
        Assert.NotEqual(before, Batches.Predict(session, batch, Classes));
        session.WriteWeights(best);
        Assert.Equal(before, Batches.Predict(session, batch, Classes));
    }

    [Fact]
    public void Wrong_weights_are_refused_whole()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        float[] before = session.ReadWeights()["fc.weight"].ToFloats();
        var weights = new Dictionary<string, OnnxTensor>
        {
            ["fc.weight"] = OnnxTensor.FromFloats("fc.weight", [Classes, 8], new float[Classes * 8]),
            ["other"] = OnnxTensor.FromFloats("other", [1], [1]),
        };
        Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => session.WriteWeights(weights)).Message);
        weights.Remove("other");
        weights["bn.mean"] = OnnxTensor.FromFloats("bn.mean", [3], new float[3]);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => session.WriteWeights(weights)).Message);
        Assert.Equal(before, session.ReadWeights()["fc.weight"].ToFloats());
    }

    [Fact]
    public void Trained_weights_in_the_source_graph_score_the_same_in_OnnxRuntime()
    {
        OnnxGraph graph = Network();
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        for (int i = 0; i < 5; i++)
            session.Step(batch, 0.1f);
        var initializers = new Dictionary<string, OnnxTensor>(graph.Initializers);
        foreach ((string name, OnnxTensor value) in session.ReadWeights())
            initializers[name] = value;
        using var scorer = new InferenceSession((graph with { Initializers = initializers }).ToBytes());
        var input = NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(batch.Inputs[0].ToArray(), [8, 3, 8, 8]));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> scores = scorer.Run([input]);
        Assert.Equal(scores[0].AsEnumerable<float>(), Batches.Predict(session, batch, Classes), (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void Distillation_takes_targets_twice_as_wide()
    {
        var loss = new Distillation(Alpha: 1);
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam(), Loss = loss });
        TrainingBatch plain = Batches.Random(1, 8, RowSize, Classes);
        float[] targets = new float[8 * 2 * Classes];
        float weight = loss.Encode(new int[8], Classes, targets);
        for (int row = 0; row < 8; row++)
            targets[row * 2 * Classes + Classes + row % Classes] = 4;
        var batch = new TrainingBatch
        {
            Count = 8,
            Inputs = plain.Inputs,
            Targets = targets,
            TargetWeight = weight,
        };
        float first = session.Step(batch, 0.01f),
            last = first;
        for (int i = 0; i < 60; i++)
            last = session.Step(batch, 0.03f);
        Assert.True(last < first / 2, $"{first} -> {last}");
        Assert.Contains("64", Assert.Throws<ArgumentException>(() => session.Step(plain, 0.1f)).Message);
    }

    [Fact]
    public void BFloat16_trains_nearly_as_well()
    {
        TrainingBatch batch = Batches.Random(1, 16, RowSize, Classes);
        Assert.Equal(Train(TrainingPrecision.Float32), Train(TrainingPrecision.BFloat16), 0.15f);

        float Train(TrainingPrecision precision)
        {
            using ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam(), Precision = precision });
            Assert.Equal(precision, session.Precision);
            float loss = 0;
            for (int i = 0; i < 10; i++)
                loss = session.Step(batch, 0.01f);
            return loss;
        }
    }

    [Fact]
    public void Wrong_buffers_are_named_with_what_was_expected()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions());
        var shortInput = new TrainingBatch { Count = 2, Inputs = [new float[RowSize]] };
        string message = Assert.Throws<ArgumentException>(() => session.Predict(shortInput, new float[2 * Classes])).Message;
        Assert.Contains((2 * RowSize).ToString(), message);
        Assert.Contains("'x", message.Replace("x Float", "'x Float"));
        Assert.Throws<ArgumentException>(() => session.Predict(Batches.Random(1, 2, RowSize, Classes), new float[3]));
        Assert.Throws<ArgumentException>(() => session.Step(new TrainingBatch { Count = 1, Inputs = [new float[RowSize]] }, 0.1f));
        Assert.Throws<ArgumentException>(() => session.Step(new TrainingBatch { Count = 1, Inputs = [] }, 0.1f));
    }

    [Fact]
    public void Unknown_parameters_are_named() =>
        Assert.Contains(
            "'fc.wight'",
            Assert.Throws<ArgumentException>(() => CreateSession(new TrainingSessionOptions { TrainableParameters = ["fc.wight"] })).Message
        );

    [Fact]
    public void Unsupported_operators_are_all_in_one_error()
    {
        OnnxGraph graph = Network();
        graph = graph with
        {
            Nodes =
            [
                .. graph.Nodes,
                OnnxNode.Create("NonMaxSuppression", ["logits"], ["a"]),
                OnnxNode.Create("Frobnicate", ["a"], ["b"]),
                OnnxNode.Create("RoiAlign", ["b"], ["c"]),
            ],
            Outputs = [OnnxValue.Create("c", OnnxElementType.Float, -1, 4)],
        };
        var error = Assert.Throws<UnsupportedOpsException>(() => RuntimeUnderTest.CreateSession(graph, new TrainingSessionOptions()));
        Assert.Equal(["Frobnicate", "NonMaxSuppression", "RoiAlign"], error.Ops.Order());
    }

    private static ITrainingSession CreateSession(TrainingSessionOptions options, bool dropout = false) =>
        SmallNetwork.CreateSession(options, dropout);

    private static OnnxGraph Network() => SmallNetwork.Create();
}
