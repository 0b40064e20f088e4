using MLNetExtensions.Onnx.Parameters;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>The graph under construction, as a layer sees it: nodes and parameters are named after the layer.</summary>
public sealed class LayerContext
{
    private readonly NetworkBuilder _network;
    private readonly Layer _layer;
    private readonly NetworkValue _input;

    internal LayerContext(NetworkBuilder network, Layer layer, string path, NetworkValue input)
    {
        _network = network;
        _layer = layer;
        _input = input;
        Path = path;
    }

    /// <summary>The layer's full name, such as <c>layer1.0.conv1</c>.</summary>
    public string Path { get; }

    /// <summary>The initializers of layers that do not set their own.</summary>
    public InitializerDefaults Defaults => _network.Defaults;

    internal Random Random => _network.Random;

    /// <summary>Adds a trainable parameter.</summary>
    /// <param name="name">Its name within the layer: <c>weight</c>, <c>bias</c>.</param>
    /// <param name="initializer">The initializer of its values.</param>
    /// <param name="fan">The numbers of inputs and outputs that a weight connects.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The name to read it by.</returns>
    public string Parameter(string name, Initializer initializer, Fan fan, params int[] shape) =>
        Parameter(name, initializer, fan, isFixed: false, shape);

    /// <summary>Adds a parameter, or a constant that training leaves alone (<see cref="ParameterAnalysis.FixedKey"/>).</summary>
    internal string Parameter(string name, Initializer initializer, Fan fan, bool isFixed, int[] shape)
    {
        int count = 1;
        foreach (int size in shape)
            count = checked(count * size);
        float[] values = initializer.Draw(shape, fan, _network.Random);
        if (values.Length != count)
            throw Error(
                $"its initializer {initializer.GetType().Name} made {values.Length} values for '{name}' of the shape "
                    + $"[{string.Join(", ", shape)}], which holds {count}."
            );
        return _network.AddInitializer(OnnxTensor.FromFloats(Named(name), Long(shape), values), isConstant: isFixed, isFixed);
    }

    /// <summary>Adds a trainable parameter, or BatchNorm's statistics, with given values.</summary>
    /// <returns>The name to read it by.</returns>
    public string Parameter(string name, int[] shape, float[] values) =>
        _network.AddInitializer(OnnxTensor.FromFloats(Named(name), Long(shape), values), isConstant: false);

    /// <summary>Adds a constant list of integers: shapes, axes, indices.</summary>
    /// <returns>The name to read it by.</returns>
    public string Integers(string name, params long[] values) =>
        _network.AddInitializer(OnnxTensor.FromInt64s(Named(name), [values.Length], values), isConstant: true);

    /// <summary>Adds a constant number: a limit, ratio or factor. (A float constant with dimensions would be a parameter.)</summary>
    /// <returns>The name to read it by.</returns>
    public string Number(string name, float value) =>
        _network.AddInitializer(OnnxTensor.FromFloats(Named(name), [], [value]), isConstant: true);

    /// <summary>Adds constant numbers for an operator's list that is not a parameter: Resize's scales.</summary>
    internal string Numbers(string name, params float[] values) =>
        _network.AddInitializer(OnnxTensor.FromFloats(Named(name), [values.Length], values), isConstant: true);

    /// <summary>Adds a node with one output.</summary>
    /// <param name="opType">The operator in ONNX's own domain.</param>
    /// <param name="inputs">The names of its inputs; an empty name is an optional input that is not given.</param>
    /// <param name="attributes">Its attributes.</param>
    public NetworkValue Node(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        Nodes(1, opType, inputs, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public NetworkValue[] Nodes(int outputs, string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        _network.AddNode(Path.Length > 0 ? $"{Path}/{opType}" : opType.ToLowerInvariant(), opType, inputs, outputs, attributes);

    /// <summary>True if the first dimension of a value is the batch.</summary>
    internal bool HasBatch(NetworkValue value) => _network.HasBatch(value);

    /// <summary>The error for an input that does not fit, or for impossible settings.</summary>
    /// <param name="problem">The problem, the expected input, and the remedy.</param>
    /// <param name="cause">The underlying error, if any.</param>
    public LayerException Error(string problem, Exception? cause = null) =>
        new(Path.Length > 0 ? Path : LayerNames.Of(_layer), _layer.GetType().Name, _input.Shape, problem, cause);

    /// <summary>Checks that the input is an image, [channels, height, width].</summary>
    /// <returns>Its sizes.</returns>
    /// <exception cref="LayerException">It has another shape.</exception>
    public (int Channels, int Height, int Width) RequireImage() =>
        _input.Shape is [int channels, int height, int width]
            ? (channels, height, width)
            : throw Error("it wants images, [batch, channels, height, width].");

    /// <summary>Checks that the input is a sequence, [steps, features].</summary>
    /// <returns>Its sizes.</returns>
    /// <exception cref="LayerException">It has another shape.</exception>
    public (int Steps, int Features) RequireSequence() =>
        _input.Shape is [int steps, int features]
            ? (steps, features)
            : throw Error("it wants sequences, [batch, steps, features]; Reshape, RowSequence or PatchEmbedding makes one of images.");

    /// <summary>Checks a setting.</summary>
    /// <exception cref="LayerException">The condition is false.</exception>
    public void Require(bool condition, string problem)
    {
        if (!condition)
            throw Error(problem);
    }

    private string Named(string name) => Path.Length > 0 ? $"{Path}.{name}" : name;

    private static long[] Long(int[] shape) => Array.ConvertAll(shape, size => (long)size);
}
