using MLNetExtensions.TestData;
using MLNetExtensions.Training.Losses;
using Xunit;

namespace MLNetExtensions.Tests.Training.Losses;

public class LossTests
{
    private const int Rows = 16,
        Width = 7;

    [Theory]
    [InlineData("cross_entropy", 0, false)]
    [InlineData("cross_entropy_smooth0.1", 0.1, false)]
    [InlineData("cross_entropy_weighted", 0, true)]
    [InlineData("cross_entropy_weighted_smooth0.1", 0.1, true)]
    public void Cross_entropy_is_that_of_PyTorch(string name, float smoothing, bool weighted)
    {
        using Npz record = Record();
        AssertAgrees(record, name, new CrossEntropy(smoothing, weighted ? record.Singles("class_weights") : null));
    }

    [Fact]
    public void Focal_loss_is_that_of_PyTorch()
    {
        using Npz record = Record();
        AssertAgrees(record, "focal_gamma2", new Focal(2));
        // Without gamma it is cross-entropy.
        AssertAgrees(record, "cross_entropy", new Focal(0));
    }

    [Theory]
    [InlineData("cross_entropy_soft_targets", "soft_targets")]
    [InlineData("bce_with_logits", "multi_labels")]
    [InlineData("bce_with_logits_posweight", "multi_labels")]
    [InlineData("mse", "real_targets")]
    [InlineData("huber", "real_targets")]
    public void Losses_of_given_targets_are_those_of_PyTorch(string name, string targets)
    {
        using Npz record = Record();
        Loss loss = RecordedLosses.OfGivenTargets(name, record);
        Assert.Equal(record.Singles($"{name}/value")[0], loss.Sum(record.Singles("logits"), record.Singles(targets), Width) / Rows, 1e-5);
    }

    [Fact]
    public void Distillation_is_that_of_PyTorch()
    {
        using Npz record = Record();
        float[] logits = record.Singles("logits");
        var soft = new Distillation(Temperature: 3, Alpha: 1);
        float[] targets = WithTeacher(soft, record, out float weight);
        double teacher = soft.Sum(logits, targets, Width) / weight;
        Assert.Equal(record.Singles("distillation_T3_kl/value")[0], teacher, 1e-5);
        double mixed = new Distillation(Temperature: 3, Alpha: 0.25f).Sum(logits, targets, Width) / weight;
        Assert.Equal(0.25 * teacher + 0.75 * record.Singles("cross_entropy/value")[0], mixed, 1e-5);
    }

    [Fact]
    public void Huber_is_linear_beyond_delta() => Assert.Equal((0.5 * 1 + 2 * (5 - 1)) / 2, new Huber(2).Sum([1, 5], [0, 0], 2), 1e-6);

    [Fact]
    public void Ordinal_sums_the_cross_entropies_of_the_levels()
    {
        var loss = new Ordinal([1, 1, 2]);
        var targets = new float[6];
        Array.Fill(targets, 9);
        Assert.Equal(2, loss.Encode([0, 2], 3, targets));
        Assert.Equal([0, 0, 0, 1, 1, 0], targets);
        float[] logits = [0.5f, -1, -2, 3, 0.1f, -0.2f];
        double expected = 0;
        for (int i = 0; i < 6; i++)
        {
            double above = 1 / (1 + Math.Exp(-logits[i]));
            expected -= (i % 3 == 2 ? 2 : 1) * Math.Log(targets[i] == 1 ? above : 1 - above);
        }
        Assert.Equal(expected, loss.Sum(logits, targets, 3), 1e-6);
    }

    [Theory]
    [InlineData(0, -1f, -2f, -3f)]
    [InlineData(2, 2f, 1f, -3f)]
    [InlineData(3, 2f, 1f, 0.1f)]
    public void Ordinal_counts_levels(int expected, params float[] logits) => Assert.Equal(expected, Ordinal.ClassOf(logits));

    [Fact]
    public void Focal_alpha_weighs_classes_and_not_the_divisor()
    {
        var loss = new Focal(0, [1, 3]);
        var targets = new float[4];
        Assert.Equal(2, loss.Encode([0, 1], 2, targets));
        Assert.Equal(4 * Math.Log(2), loss.Sum([0, 0, 0, 0], targets, 2), 1e-6);
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        Assert.Equal(2000, new CrossEntropy().Sum([1000, -1000], [0, 1], 2), 1e-6);
        Assert.Equal(500, new BinaryCrossEntropy().Sum([1000, -1000], [0, 0], 2), 1e-6);
        Assert.Equal(0, new Focal().Sum([1000, -1000], [1, 0], 2), 1e-6);
    }

    private static float[] WithTeacher(Distillation loss, Npz record, out float weight)
    {
        var targets = new float[Rows * loss.TargetWidth(Width)];
        weight = loss.Encode(Labels(record), Width, targets);
        float[] teacher = record.Singles("real_targets");
        for (int row = 0; row < Rows; row++)
            teacher.AsSpan(row * Width, Width).CopyTo(targets.AsSpan((2 * row + 1) * Width));
        return targets;
    }

    private static void AssertAgrees(Npz record, string name, ClassificationLoss loss)
    {
        var targets = new float[Rows * Width];
        float weight = loss.Encode(Labels(record), Width, targets);
        Assert.Equal(record.Singles($"{name}/value")[0], loss.Sum(record.Singles("logits"), targets, Width) / weight, 1e-5);
    }

    private static int[] Labels(Npz record) => [.. record.Integers("labels").Select(l => (int)l)];

    private static Npz Record() => new(GoldenFiles.PathOf("losses.npz"));
}
