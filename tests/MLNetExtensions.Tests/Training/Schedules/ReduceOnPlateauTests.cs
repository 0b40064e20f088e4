using MLNetExtensions.Training.Schedules;
using Xunit;

namespace MLNetExtensions.Tests.Training.Schedules;

public class ReduceOnPlateauTests
{
    private static readonly double[] Losses = [1, 0.9, 0.95, 0.9, 0.89995, 0.92, 0.91, 0.95, 0.5, 0.499, 0.498, 0.5, 0.6, 0.6, 0.6, 0.6];

    /// <summary>What torch.optim.lr_scheduler.ReduceLROnPlateau (1.13) makes of a rate of 1 with these losses.</summary>
    public static TheoryData<ReduceOnPlateau, float[]> Recorded =>
        new()
        {
            {
                new ReduceOnPlateau { Factor = 0.1f, Patience = 2 },
                [1, 1, 1, 1, 0.1f, 0.1f, 0.1f, 0.01f, 0.01f, 0.01f, 0.01f, 0.01f, 0.01f, 0.001f, 0.001f, 0.001f]
            },
            {
                new ReduceOnPlateau
                {
                    Factor = 0.5f,
                    Patience = 1,
                    Cooldown = 2,
                    Threshold = 0.01,
                },
                [1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.25f, 0.25f, 0.125f, 0.125f, 0.125f, 0.125f, 0.0625f]
            },
        };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Factors_are_those_of_PyTorch(ReduceOnPlateau rule, float[] expected)
    {
        for (int epochs = 1; epochs <= Losses.Length; epochs++)
            Assert.Equal(expected[epochs - 1], rule.FactorFor(Losses[..epochs]), 1e-6f);
    }

    [Fact]
    public void Without_losses_the_rate_stays() => Assert.Equal(1, new ReduceOnPlateau().FactorFor([]));

    [Fact]
    public void The_factor_has_a_floor() =>
        Assert.Equal(0.05f, new ReduceOnPlateau { Patience = 0, MinimumFactor = 0.05f }.FactorFor([1, 1, 1, 1, 1]));
}
