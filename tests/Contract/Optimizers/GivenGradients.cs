using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TrainingContract.Optimizers;

/// <summary>
/// A session whose gradients the caller chooses. Every parameter is multiplied by an input of its shape, and Huber's loss of all products,
/// far from its targets, grows by one with each: so the gradient of a parameter is that input (within the last bit).
/// </summary>
internal sealed class GivenGradients : IDisposable
{
    private readonly OnnxTensor[] _parameters;

    public GivenGradients(TrainingSessionOptions options, params OnnxTensor[] parameters)
    {
        _parameters = parameters;
        long width = parameters.Sum(p => p.Count);
        OnnxTensor flat = OnnxTensor.FromInt64s("flat", [2], [1, -1]);
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [.. parameters.Select(p => OnnxValue.Create($"{p.Name}.gradient", OnnxElementType.Float, [1, .. p.Shape]))],
            Outputs = [OnnxValue.Create("products", OnnxElementType.Float, 1, width)],
            Nodes =
            [
                .. parameters.Select(p => OnnxNode.Create("Mul", [$"{p.Name}.gradient", p.Name], [$"{p.Name}.product"])),
                .. parameters.Select(p => OnnxNode.Create("Reshape", [$"{p.Name}.product", "flat"], [$"{p.Name}.row"])),
                OnnxNode.Create("Concat", [.. parameters.Select(p => $"{p.Name}.row")], ["products"], OnnxAttribute.Of("axis", 1L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(parameters.Append(flat).Select(p => KeyValuePair.Create(p.Name, p))),
        };
        // A row's loss is the mean over its outputs.
        options.Loss = new Huber(width);
        options.Precision = TrainingPrecision.Float32;
        Session = RuntimeUnderTest.CreateSession(graph, options);
    }

    public ITrainingSession Session { get; }

    /// <summary>A step with a gradient for each parameter, in their order.</summary>
    public void Step(float rate, params float[][] gradients)
    {
        Assert.Equal(_parameters.Select(p => p.Count), gradients.Select(g => (long)g.Length));
        float[] targets = new float[gradients.Sum(g => g.Length)];
        Array.Fill(targets, -1e4f);
        Assert.True(
            float.IsFinite(
                Session.Step(
                    new TrainingBatch
                    {
                        Count = 1,
                        Inputs = [.. gradients.Select(g => (ReadOnlyMemory<float>)g)],
                        Targets = targets,
                    },
                    rate
                )
            )
        );
    }

    /// <summary>A parameter's values.</summary>
    public float[] Read(string name) => Session.ReadWeights()[name].ToFloats();

    /// <summary>A parameter's gradient as the latest update used it.</summary>
    public float[] ReadGradient(string name) => Assert.IsAssignableFrom<IGradientSource>(Session).ReadGradients()[name].ToFloats();

    public void Dispose() => Session.Dispose();
}
