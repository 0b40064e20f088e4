using MLNetExtensions.TorchSharp.Losses;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TorchSharp.Tests.Losses;

public class TorchLossesTests
{
    [Theory]
    [InlineData("cross_entropy", 0, false)]
    [InlineData("cross_entropy_smooth0.1", 0.1, false)]
    [InlineData("cross_entropy_weighted", 0, true)]
    [InlineData("cross_entropy_weighted_smooth0.1", 0.1, true)]
    public void Cross_entropy_and_its_gradient_are_those_of_PyTorch(string name, float smoothing, bool weighted)
    {
        using var record = new Npz(SharedData.Require("golden", "losses.npz"));
        var loss = new CrossEntropy(smoothing, weighted ? record.Singles("class_weights") : null);
        int[] labels = [.. record.Integers("labels").Select(l => (int)l)];
        float[] targets = new float[16 * 7];
        float weight = loss.Encode(labels, 7, targets);
        AssertAgrees(record, name, loss, targets, weight);
    }

    [Fact]
    public void Soft_targets_agree_too()
    {
        using var record = new Npz(SharedData.Require("golden", "losses.npz"));
        AssertAgrees(record, "cross_entropy_soft_targets", new CrossEntropy(), record.Singles("soft_targets"), 16);
    }

    [Fact]
    public void An_unknown_loss_is_named() =>
        Assert.Contains(nameof(OtherLoss), Assert.Throws<NotSupportedException>(() => TorchLosses.Create(new OtherLoss())).Message);

    private sealed record OtherLoss : Loss
    {
        public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width) => 0;
    }

    private static void AssertAgrees(Npz record, string name, Loss loss, float[] targets, float weight)
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor logits = torch.tensor(record.Singles("logits"), [16, 7]).requires_grad_();
        Tensor value = TorchLosses.Create(loss)(logits, torch.tensor(targets, [16, 7]), weight);
        value.backward();
        Assert.Equal(record.Singles($"{name}/value")[0], value.item<float>(), 1e-5f);
        float[] expected = record.Singles($"{name}/grad"), actual = logits.grad!.data<float>().ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
