using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Optimizers;

public class FrozenUpdatesTests
{
    public static TheoryData<Optimizer> Rules =>
        [new Sgd { Momentum = 0.9f, WeightDecay = 0.1f }, new AdamW { WeightDecay = 0.1f }, new RAdam()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_parameter_stays_and_begins_as_if_it_were_the_first_update(Optimizer rule)
    {
        using GivenGradients frozen = Create(rule, frozen: 2),
            fresh = Create(rule, frozen: 0);
        float[] other = [5];
        for (int i = 0; i < 2; i++)
        {
            frozen.Step(0.1f, [1, -2], [1]);
            Assert.Equal([2, -3], frozen.Read("a"));
            Assert.NotEqual(other, other = frozen.Read("b"));
        }
        for (int i = 0; i < 3; i++)
        {
            frozen.Step(0.1f, [1 + i, -2], [1]);
            fresh.Step(0.1f, [1 + i, -2], [1]);
            Assert.Equal(fresh.Read("a"), frozen.Read("a"), (x, y) => MathF.Abs(x - y) < 1e-6f);
        }
    }

    [Fact]
    public void A_resumed_session_goes_on_counting()
    {
        using GivenGradients first = Create(new Adam(), frozen: 2),
            second = Create(new Adam(), frozen: 2);
        first.Step(0.1f, [1, -2], [1]);
        second.Session.WriteWeights(first.Session.ReadWeights());
        second.Session.WriteState(first.Session.ReadState());
        for (int i = 0; i < 2; i++)
        {
            first.Step(0.1f, [1, -2], [1]);
            second.Step(0.1f, [1, -2], [1]);
        }
        Assert.Equal(first.Read("a"), second.Read("a"));
        Assert.NotEqual([2, -3], second.Read("a"));
    }

    private static GivenGradients Create(Optimizer rule, long frozen) =>
        new(
            new TrainingSessionOptions
            {
                Optimizer = rule,
                ParameterGroups = new Dictionary<string, ParameterGroup> { ["a"] = new(1, 1) { FrozenUpdates = frozen } },
            },
            OnnxTensor.FromFloats("a", [2], [2, -3]),
            OnnxTensor.FromFloats("b", [1], [5])
        );
}
