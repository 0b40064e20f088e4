using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Privacy;
using Xunit;

namespace MLNetExtensions.Tests.Training.Privacy;

/// <summary>Values of tests/Golden/tuning/rdp_epsilon.json, which agree with Opacus, TensorFlow Privacy and dp_accounting.</summary>
public class RdpAccountantTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "rdp_epsilon.json");

    [Fact]
    public void Divergences_of_a_step_are_the_golden_ones()
    {
        foreach (JsonElement value in Golden.GetProperty("rdp_per_step").EnumerateArray())
        {
            double expected = value.GetProperty("rdp").GetDouble(),
                actual = RenyiDivergence.OfStep(Get(value, "q"), Get(value, "sigma"), Get(value, "order"));
            Assert.True(Math.Abs(actual - expected) <= 1e-8 * expected, $"{value}: {actual}");
        }
    }

    [Fact]
    public void Divergences_agree_with_direct_integration()
    {
        foreach (JsonElement value in Golden.GetProperty("integral_check").EnumerateArray())
        {
            double expected = value.GetProperty("integral").GetDouble(),
                actual = RenyiDivergence.OfStep(Get(value, "q"), Get(value, "sigma"), Get(value, "order"));
            Assert.True(Math.Abs(actual - expected) <= 1e-9 * expected, $"{value}: {actual}");
        }
    }

    [Fact]
    public void Epsilons_are_the_golden_ones()
    {
        int compared = 0;
        foreach (
            var group in Golden
                .GetProperty("grid")
                .EnumerateArray()
                .Where(v => v.GetProperty("opacus").ValueKind != JsonValueKind.Null)
                .GroupBy(v => (Noise: Get(v, "sigma"), Rate: Get(v, "q"), Steps: v.GetProperty("steps").GetInt64()))
        )
        {
            var accountant = new RdpAccountant(RdpAccountant.OrdersOfOpacus);
            accountant.Add(group.Key.Noise, group.Key.Rate, group.Key.Steps);
            foreach (JsonElement value in group)
            {
                double expected = Math.Max(0, Get(value, "opacus")),
                    actual = accountant.EpsilonAt(Get(value, "delta"), out double order);
                Assert.True(Math.Abs(actual - expected) <= 1e-6 * expected, $"{value}: {actual}");
                if (expected > 0)
                    Assert.Equal(Get(value, "opacus_order"), order);
                compared++;
            }
        }
        Assert.True(compared > 300);
    }

    [Fact]
    public void The_usual_example_has_the_epsilon_of_Opacus()
    {
        var accountant = new RdpAccountant();
        accountant.Add(noiseMultiplier: 1.1, sampleRate: 0.01, steps: 1500);
        Assert.Equal(2.064210109721826, accountant.EpsilonAt(1e-5), 2e-6);
    }

    [Fact]
    public void Noise_for_an_epsilon_is_the_golden_one()
    {
        foreach (JsonElement value in Golden.GetProperty("sigma_for_target").EnumerateArray())
        {
            double noise = RdpAccountant.FindNoiseMultiplier(
                Get(value, "target"),
                Get(value, "delta"),
                Get(value, "q"),
                value.GetProperty("steps").GetInt64()
            );
            Assert.InRange(noise - Get(value, "exact"), -2e-6, 1.1e-4);
        }
    }

    [Fact]
    public void Epsilon_rises_with_steps_and_rate_and_falls_with_noise_and_delta()
    {
        double usual = Epsilon(1, 0.01, 100, 1e-5);
        Assert.True(Epsilon(1, 0.01, 200, 1e-5) > usual);
        Assert.True(Epsilon(1, 0.02, 100, 1e-5) > usual);
        Assert.True(Epsilon(1.2, 0.01, 100, 1e-5) < usual);
        Assert.True(Epsilon(1, 0.01, 100, 1e-4) < usual);
    }

    [Fact]
    public void Steps_of_several_runs_add_up()
    {
        var accountant = new RdpAccountant();
        accountant.Add(1, 0.01, 60);
        accountant.Add(1, 0.01, 40);
        Assert.Equal(Epsilon(1, 0.01, 100, 1e-5), accountant.EpsilonAt(1e-5), 1e-12);
    }

    [Fact]
    public void No_steps_disclose_nothing_and_no_noise_everything()
    {
        Assert.Equal(0, new RdpAccountant().EpsilonAt(1e-5));
        Assert.Equal(0, Epsilon(1, 0, 100, 1e-5));
        Assert.Equal(double.PositiveInfinity, Epsilon(0, 0.01, 1, 1e-5));
    }

    [Fact]
    public void An_epsilon_that_no_noise_keeps_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => RdpAccountant.FindNoiseMultiplier(1e-6, 1e-5, 0.01, 1000));
        Assert.Contains("The least that can be shown is", error.Message);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_sample_rate_out_of_range_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RdpAccountant().Add(1, rate, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_delta_out_of_range_is_refused(double delta) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RdpAccountant().EpsilonAt(delta));

    private static double Epsilon(double noise, double rate, long steps, double delta)
    {
        var accountant = new RdpAccountant();
        accountant.Add(noise, rate, steps);
        return accountant.EpsilonAt(delta);
    }

    private static double Get(JsonElement value, string name) => value.GetProperty(name).GetDouble();
}
