using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TrainingContract.Losses;

public class LossTests
{
    private const int Rows = 16,
        Width = 7;

    [Theory]
    [InlineData("cross_entropy", 0, false)]
    [InlineData("cross_entropy_smooth0.1", 0.1, false)]
    [InlineData("cross_entropy_weighted", 0, true)]
    [InlineData("cross_entropy_weighted_smooth0.1", 0.1, true)]
    public void Cross_entropy_and_its_gradient_are_those_of_PyTorch(string name, float smoothing, bool weighted)
    {
        using Npz record = Record();
        AssertAgrees(record, name, new CrossEntropy(smoothing, weighted ? record.Singles("class_weights") : null));
    }

    [Fact]
    public void Focal_loss_agrees()
    {
        using Npz record = Record();
        AssertAgrees(record, "focal_gamma2", new Focal(2));
    }

    [Theory]
    [InlineData("cross_entropy_soft_targets", "soft_targets")]
    [InlineData("bce_with_logits", "multi_labels")]
    [InlineData("bce_with_logits_posweight", "multi_labels")]
    [InlineData("mse", "real_targets")]
    [InlineData("huber", "real_targets")]
    public void Losses_of_given_targets_agree(string name, string targets)
    {
        using Npz record = Record();
        Loss loss = RecordedLosses.OfGivenTargets(name, record);
        AssertAgrees(record, name, loss, record.Singles(targets), Rows);
    }

    [Fact]
    public void Distillation_agrees()
    {
        using Npz record = Record();
        AssertAgrees(record, "distillation_T3_kl", new Distillation(3, 1));
    }

    public static TheoryData<Loss> NotRecorded =>
        new()
        {
            new Distillation(2, 0.3f),
            new Distillation(3, 0.6f)
            {
                Hints = 3,
                HintWeight = 0.7f,
                Labels = new CrossEntropy(0.1f),
            },
            new Distillation(1, 1) { Hints = 2 },
            new Focal(0.5f, [1, 2, 3, 4, 5, 6, 7]),
            new Huber(0.4f),
            new Ordinal([1, 1, 2, 1, 1, 0.5f, 1]),
        };

    [Theory]
    [MemberData(nameof(NotRecorded))]
    public void Values_and_gradients_are_those_of_the_managed_loss(Loss loss)
    {
        var random = new Random(1);
        float[] outputs = [.. Enumerable.Range(0, Rows * Width).Select(_ => 4 * random.NextSingle() - 2)];
        float[] targets = new float[Rows * loss.TargetWidth(Width)];
        for (int i = 0; i < targets.Length; i++)
            targets[i] = 4 * random.NextSingle() - 2;
        (loss as ClassificationLoss)?.Encode(
            [.. Enumerable.Range(0, Rows).Select(_ => random.Next(Width - ((loss as Distillation)?.Hints ?? 0)))],
            Width,
            targets
        );
        (float value, float[] gradient) = Evaluate(loss, outputs, targets, Rows);
        Assert.Equal(loss.Sum(outputs, targets, Width) / Rows, value, 1e-5f);
        for (int i = 0; i < outputs.Length; i += 5)
        {
            const float step = 1e-2f;
            float at = outputs[i];
            outputs[i] = at + step;
            double above = loss.Sum(outputs, targets, Width);
            outputs[i] = at - step;
            Assert.Equal((above - loss.Sum(outputs, targets, Width)) / (2 * step * Rows), gradient[i], 2e-4f);
            outputs[i] = at;
        }
    }

    [Fact]
    public void A_sure_row_has_a_finite_focal_gradient()
    {
        Assert.All(Evaluate(new Focal(0.5f), [1000, -1000], [1, 0], 1, rows: 1).Gradient, value => Assert.Equal(0, value));
    }

    [Fact]
    public void An_unknown_loss_is_named() =>
        Assert.Contains(nameof(OtherLoss), Assert.Throws<NotSupportedException>(() => CreateSession(new OtherLoss(), 1, Width)).Message);

    private sealed record OtherLoss : Loss
    {
        public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width) => 0;
    }

    private static Npz Record() => new(GoldenFiles.PathOf("losses.npz"));

    private static void AssertAgrees(Npz record, string name, ClassificationLoss loss)
    {
        float[] targets = new float[Rows * loss.TargetWidth(Width)],
            teacher = record.Singles("real_targets");
        float weight = loss.Encode([.. record.Integers("labels").Select(l => (int)l)], Width, targets);
        if (loss is Distillation)
            for (int row = 0; row < Rows; row++)
                teacher.AsSpan(row * Width, Width).CopyTo(targets.AsSpan((2 * row + 1) * Width));
        AssertAgrees(record, name, loss, targets, weight);
    }

    private static void AssertAgrees(Npz record, string name, Loss loss, float[] targets, float weight)
    {
        (float value, float[] actual) = Evaluate(loss, record.Singles("logits"), targets, weight);
        Assert.Equal(record.Singles($"{name}/value")[0], value, 1e-5f);
        float[] expected = record.Singles($"{name}/grad");
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private static (float Value, float[] Gradient) Evaluate(Loss loss, float[] outputs, float[] targets, float weight, int rows = Rows)
    {
        using ITrainingSession session = CreateSession(loss, rows, outputs.Length / rows);
        var batch = new TrainingBatch
        {
            Count = rows,
            Inputs = [outputs],
            Targets = targets,
            TargetWeight = weight,
        };
        (float value, float[] output, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);
        Assert.Equal(outputs, output);
        return (value, gradients["zeros"].ToFloats());
    }

    /// <summary>Its answer is its input plus a parameter of zeros, whose gradient is that of the answer.</summary>
    private static ITrainingSession CreateSession(Loss loss, int rows, int width)
    {
        OnnxTensor zeros = OnnxTensor.FromFloats("zeros", [rows, width], new float[rows * width]);
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, rows, width)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, rows, width)],
            Nodes = [OnnxNode.Create("Add", ["x", "zeros"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor> { [zeros.Name] = zeros },
        };
        return RuntimeUnderTest.CreateSession(graph, new TrainingSessionOptions { Loss = loss, Precision = TrainingPrecision.Float32 });
    }
}
