using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Networks;

public class LayerTrainingTests
{
    private const int Classes = 3,
        Rows = 6;

    public static TheoryData<string> Names => [.. LayerCases.All.Keys];

    /// <summary>A layer between two others: it must let gradients through to the first, and its own parameters must get some.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_trains(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder(seed: 1);
        NetworkValue input = network.Input(test.Input);
        OnnxGraph graph = network.Build(
            input.Then(new LayerScale(1) { Name = "before" }, test.Layer, new Flatten(), new Dense(Classes) { Name = "after" })
        );
        int size = test.Input.Aggregate((a, b) => a * b);
        TrainingBatch batch = Batches.Random(2, Rows, size, Classes);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
                Dropout = false,
            }
        );

        (float first, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);
        Assert.All(gradients, g => Assert.True(g.Value.ToFloats().Any(v => v != 0), $"no gradient reaches {g.Key}"));
        Assert.Equal(ParameterAnalysis.FindParameters(graph).Select(t => t.Name).Order(), gradients.Keys.Order());
        float last = first;
        for (int i = 0; i < 25; i++)
            last = session.Step(batch, 0.02f);
        Assert.True(last < 0.9f * first, $"loss {first} -> {last}");
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("spatial dropout")]
    [InlineData("stochastic depth")]
    public void Drops_whole_parts_and_keeps_the_mean(string name)
    {
        const float rate = 0.3f;
        const int rows = 400,
            channels = 5,
            side = 3;
        Layer layer = name switch
        {
            "dropout" => new Dropout(rate),
            "spatial dropout" => new SpatialDropout2D(rate),
            _ => new StochasticDepth(rate),
        };
        OnnxGraph graph = new Sequential(new LayerScale(1), layer, new Flatten()).Build(channels, side, side);
        float[] ones = new float[rows * channels * side * side];
        Array.Fill(ones, 1);
        var batch = new TrainingBatch
        {
            Count = rows,
            Inputs = [ones],
            Targets = ones,
            TargetWeight = rows,
        };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Seed = 4,
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );
        float[] output = session.ComputeGradients(batch).Output;

        int part = name switch
        {
            "dropout" => 1,
            "spatial dropout" => side * side,
            _ => channels * side * side,
        };
        float[][] parts = [.. output.Chunk(part)];
        Assert.All(parts, p => Assert.All(p, v => Assert.Equal(p[0], v)));
        Assert.All(parts, p => Assert.True(p[0] == 0 || Math.Abs(p[0] - 1 / (1 - rate)) < 1e-5f, $"{p[0]}"));
        double dropped = parts.Count(p => p[0] == 0) / (double)parts.Length;
        Assert.Equal(rate, dropped, 4 * Math.Sqrt(rate * (1 - rate) / parts.Length));
        Assert.All(Predict(session, batch, channels * side * side), v => Assert.Equal(1, v));
    }

    private static float[] Predict(ITrainingSession session, TrainingBatch batch, int size) => Batches.Predict(session, batch, size);
}
