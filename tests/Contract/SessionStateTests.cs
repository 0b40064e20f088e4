using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract;

public class SessionStateTests
{
    public static TheoryData<Optimizer> Rules =>
        [
            new Sgd { Momentum = 0.9f, Dampening = 0.1f },
            new Adam { AmsGrad = true },
            new AdamW(),
            new RmsProp { Centered = true, Momentum = 0.9f },
            new Adagrad { RateDecay = 0.1f },
            new Adadelta(),
            new Adamax(),
            new NAdam(),
            new RAdam(),
            new Lamb(),
            new Lion(),
            new Muon(),
            new Lookahead(new Muon { Other = new Sgd { Momentum = 0.9f } }, 2),
        ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_new_session_goes_on_exactly(Optimizer rule) =>
        AssertGoesOn(() => new TrainingSessionOptions { Optimizer = rule, ClipGradientNorm = 1 });

    [Fact]
    public void Averages_and_summed_gradients_go_on_exactly() =>
        AssertGoesOn(() =>
            new TrainingSessionOptions
            {
                Optimizer = new AdamW(),
                WeightAveraging = new ExponentialMovingAverage(),
                GradientAccumulation = 2,
                L1 = 1e-3f,
                ClipGradientValue = 0.5f,
            }
        );

    [Fact]
    public void Slots_are_named_after_their_parameters_and_have_their_shapes()
    {
        using ITrainingSession session = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() }, dropout: true);
        Step(session, 1);
        IReadOnlyDictionary<string, OnnxTensor> state = session.ReadState();
        string[] parameters = ["bn.bias", "bn.weight", "conv.weight", "fc.bias", "fc.weight"];
        Assert.Equal(["mean", "square"], new Adam().Slots);
        Assert.Equal(
            [.. parameters.Select(p => $"mean/{p}"), "random", .. parameters.Select(p => $"square/{p}"), "steps"],
            state.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal([8, 3, 3, 3], state["mean/conv.weight"].Shape);
        Assert.Equal([1], state["steps"].ToInt64s());
    }

    /// <summary>
    /// The form that any runtime reads: nothing but the documented entries, and without <c>random</c> another session goes on from them.
    /// </summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void A_state_has_the_documented_entries_and_suits_another_session(Optimizer rule)
    {
        using ITrainingSession first = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = rule });
        for (int i = 0; i < 3; i++)
            Step(first, i);
        IReadOnlyDictionary<string, OnnxTensor> state = first.ReadState(),
            initial = SmallNetwork.Create().Initializers;
        string[] parameters = ["bn.bias", "bn.weight", "conv.weight", "fc.bias", "fc.weight"];
        Assert.Equal(
            rule.Slots.SelectMany(slot => parameters.Select(p => $"{slot}/{p}")).Append("steps").Order(StringComparer.Ordinal),
            state.Keys.Except(["random"]).Order(StringComparer.Ordinal)
        );
        foreach (string slot in rule.Slots)
        {
            Assert.All(parameters, p => Assert.Equal(initial[p].Shape, state[$"{slot}/{p}"].Shape));
            Assert.All(parameters, p => Assert.Equal(OnnxElementType.Float, state[$"{slot}/{p}"].ElementType));
        }
        Assert.Equal(OnnxElementType.Int64, state["steps"].ElementType);
        Assert.Empty(state["steps"].Shape);
        Assert.Equal([3], state["steps"].ToInt64s());

        using ITrainingSession second = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = rule });
        second.WriteWeights(first.ReadWeights());
        second.WriteState(state.Where(e => e.Key != "random").ToDictionary());
        AssertEqual(Without(first.ReadState()), Without(second.ReadState()));
        for (int i = 3; i < 5; i++)
            Assert.Equal(Step(first, i), Step(second, i));
        AssertEqual(first.ReadWeights(), second.ReadWeights());
        AssertEqual(Without(first.ReadState()), Without(second.ReadState()));

        static Dictionary<string, OnnxTensor> Without(IReadOnlyDictionary<string, OnnxTensor> state) =>
            state.Where(e => e.Key != "random").ToDictionary();
    }

    [Fact]
    public void Slots_are_in_C_order()
    {
        var options = new TrainingSessionOptions { Optimizer = new Adam() };
        using ITrainingSession session = SmallNetwork.CreateSession(options);
        TrainingBatch batch = Batches.Random(1, 8, SmallNetwork.RowSize, SmallNetwork.Classes);
        float[] gradient = session.ComputeGradients(batch).Gradients["conv.weight"].ToFloats();
        session.Step(batch, 0.1f);
        Assert.Equal(gradient.Select(g => 0.1f * g), session.ReadState()["mean/conv.weight"].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-7f);
    }

    [Fact]
    public void A_state_without_random_goes_on_with_its_own_draws()
    {
        using ITrainingSession first = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        Step(first, 1);
        using ITrainingSession second = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        second.WriteState(first.ReadState().Where(e => e.Key != "random").ToDictionary());
        Assert.Equal(first.ReadState()["square/fc.bias"].ToFloats(), second.ReadState()["square/fc.bias"].ToFloats());
    }

    [Fact]
    public void A_wrong_state_is_refused_whole()
    {
        using ITrainingSession session = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        Step(session, 1);
        IReadOnlyDictionary<string, OnnxTensor> good = session.ReadState();
        using ITrainingSession other = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        AssertRefused("'mean/fc.bias'", s => s.Remove("mean/fc.bias"));
        AssertRefused("'momentum/fc.bias'", s => s.Add("momentum/fc.bias", good["mean/fc.bias"]));
        AssertRefused("[3]", s => s["square/fc.bias"] = OnnxTensor.FromFloats("", [3], new float[3]));
        AssertRefused("'random'", s => s["random"] = OnnxTensor.FromArray("random", OnnxElementType.UInt8, [3], new byte[3]));
        AssertRefused("'steps'", s => s["steps"] = OnnxTensor.FromFloats("steps", [], [1]));

        void AssertRefused(string expected, Action<Dictionary<string, OnnxTensor>> change)
        {
            Dictionary<string, OnnxTensor> state = good.ToDictionary();
            change(state);
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => other.WriteState(state)).Message);
            Assert.Equal([0], other.ReadState()["steps"].ToInt64s());
            Assert.All(other.ReadState()["mean/fc.weight"].ToFloats(), value => Assert.Equal(0, value));
        }
    }

    /// <summary>Three steps, then three more: in the same session, and in a new one that got weights and state.</summary>
    private static void AssertGoesOn(Func<TrainingSessionOptions> options)
    {
        using ITrainingSession first = SmallNetwork.CreateSession(options(), dropout: true);
        for (int i = 0; i < 3; i++)
            Step(first, i);
        using ITrainingSession second = SmallNetwork.CreateSession(options(), dropout: true);
        second.WriteWeights(first.ReadWeights());
        second.WriteState(first.ReadState());
        for (int i = 3; i < 6; i++)
            Assert.Equal(Step(first, i), Step(second, i));
        TrainingBatch batch = Batches.Random(1, 8, SmallNetwork.RowSize, SmallNetwork.Classes);
        Assert.Equal(Batches.Predict(first, batch, SmallNetwork.Classes), Batches.Predict(second, batch, SmallNetwork.Classes));
        AssertEqual(first.ReadWeights(), second.ReadWeights());
        AssertEqual(first.ReadState(), second.ReadState());
    }

    private static void AssertEqual(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, OnnxTensor value) in expected)
            Assert.True(value.RawData.Span.SequenceEqual(actual[name].RawData.Span), name);
    }

    private static float Step(ITrainingSession session, int seed) =>
        session.Step(Batches.Random(seed, 8, SmallNetwork.RowSize, SmallNetwork.Classes), 0.05f);
}
