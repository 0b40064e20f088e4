using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Optimizers;

public class StartDecayTests
{
    [Fact]
    public void Weights_are_pulled_towards_the_start_before_the_rule()
    {
        using GivenGradients session = Create(new Sgd(), strength: 0.5f, multiplier: 0.5f);
        session.Step(0.1f, [1, -2], [1]);
        AssertClose([2 - 0.05f, -3 + 0.1f], session.Read("a"));
        session.Step(0.1f, [1, -2], [1]);
        // A rate of 0.05 with a strength of 0.5 goes a fortieth of the way back.
        AssertClose([2 - 0.05f * 0.975f - 0.05f, -3 + 0.1f * 0.975f + 0.1f], session.Read("a"));
        AssertClose([5 - 0.2f], session.Read("b"));
    }

    [Fact]
    public void A_huge_strength_keeps_the_start()
    {
        using GivenGradients session = Create(new AdamW(), strength: 1e9f, multiplier: 1);
        for (int i = 0; i < 3; i++)
            session.Step(0.01f, [1, -2], [1]);
        AssertClose([2 - 0.01f, -3 + 0.01f], session.Read("a"));
    }

    [Fact]
    public void The_start_is_the_graphs_and_not_what_is_written_later()
    {
        using GivenGradients session = Create(new Sgd(), strength: 1e9f, multiplier: 1);
        session.Session.WriteWeights(new Dictionary<string, OnnxTensor> { ["a"] = OnnxTensor.FromFloats("a", [2], [7, 8]) });
        session.Step(0.1f, [0, 0], [0]);
        AssertClose([2, -3], session.Read("a"));
    }

    private static GivenGradients Create(Optimizer optimizer, float strength, float multiplier) =>
        new(
            new TrainingSessionOptions
            {
                Optimizer = optimizer,
                ParameterGroups = new Dictionary<string, ParameterGroup> { ["a"] = new(multiplier, 0) { StartDecay = strength } },
            },
            OnnxTensor.FromFloats("a", [2], [2, -3]),
            OnnxTensor.FromFloats("b", [1], [5])
        );

    private static void AssertClose(float[] expected, float[] actual) => Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-5f);
}
