using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>
/// Declares a network as an ONNX graph, functional style: <c>var x = network.Input(3, 32, 32).Then(new Conv2D(32, 3), new ReLU()); x = x +
/// y;</c>. Shapes are checked at every layer. For a plain chain of layers see <see cref="Layers.Sequential"/>.
/// </summary>
public sealed class NetworkBuilder
{
    /// <summary>The opset of the graphs: that of ONNX 1.16, in which Gelu and GroupNormalization have their present form.</summary>
    public const int Opset = 21;

    /// <summary>The batch for which shapes are inferred: a number that no size depends on, so that a lost batch dimension shows.</summary>
    private const int ProbeBatch = 7;

    private const string InputName = "input",
        OutputName = "logits";

    private readonly List<OnnxValue> _inputs = [];
    private readonly List<OnnxNode> _nodes = [];
    private readonly OrderedDictionary<string, OnnxTensor> _initializers = [];
    private readonly List<string> _fixed = [];
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _layers = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly LoweringWalk _types = new(
        new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = Opset },
            Inputs = [],
            Outputs = [],
            Nodes = [],
            Initializers = new Dictionary<string, OnnxTensor>(),
        },
        _ => true
    );
    private string _scope = "";

    /// <summary>Creates an empty network.</summary>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="defaults">The initializers of layers that do not set their own; null is
    /// <see cref="InitializerDefaults.PyTorch"/>.</param>
    public NetworkBuilder(int seed = 0, InitializerDefaults? defaults = null)
        : this(new Random(seed), defaults) { }

    /// <summary>Creates an empty network.</summary>
    /// <param name="random">The source of the initial weights.</param>
    /// <param name="defaults">The initializers of layers that do not set their own; null is
    /// <see cref="InitializerDefaults.PyTorch"/>.</param>
    public NetworkBuilder(Random random, InitializerDefaults? defaults = null)
    {
        Random = random;
        Defaults = defaults ?? InitializerDefaults.PyTorch;
    }

    internal Random Random { get; }

    internal InitializerDefaults Defaults { get; }

    /// <summary>Adds an input: floats of the shape [batch, sizes].</summary>
    /// <param name="sizes">The sizes without the batch: channels, height, width for images.</param>
    public NetworkValue Input(params ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(sizes));
        string name = Unused(InputName);
        OnnxValue input = OnnxValue.Create(name, OnnxElementType.Float, [-1, .. sizes.ToArray()]);
        _inputs.Add(input);
        _types.AddInput(input, [ProbeBatch, .. sizes.ToArray()]);
        return new NetworkValue(this, name, sizes.ToArray());
    }

    /// <summary>
    /// Prefixes the names of the layers that follow, until disposed: <c>using (network.Scope("encoder"))</c> gives <c>encoder.conv1</c>.
    /// </summary>
    public IDisposable Scope(string name) => new NameScope(this, name);

    /// <summary>Finishes the graph.</summary>
    /// <param name="logits">The graph's first output, named <c>logits</c>.</param>
    /// <param name="others">More outputs, which keep their names.</param>
    public OnnxGraph Build(NetworkValue logits, params IReadOnlyList<NetworkValue> others)
    {
        if (others.Prepend(logits).FirstOrDefault(v => v.Network != this) is { } stranger)
            throw new ArgumentException($"The value '{stranger}' belongs to another network.");
        string name = Unused(OutputName);
        bool isMade = _nodes.Any(n => n.Outputs.Contains(logits.Name));
        return new OnnxGraph
        {
            IrVersion = 10,
            Name = "network",
            Opsets = new Dictionary<string, int> { [""] = Opset },
            Inputs = [.. _inputs],
            Outputs = [Output(name, logits), .. others.Select(o => Output(o.Name, o))],
            Nodes = isMade
                ? [.. _nodes.Select(n => n with { Inputs = Renamed(n.Inputs), Outputs = Renamed(n.Outputs) })]
                : [.. _nodes, OnnxNode.Create("Identity", [logits.Name], [name])],
            Initializers = new OrderedDictionary<string, OnnxTensor>(_initializers),
            Metadata =
                _fixed.Count == 0
                    ? new Dictionary<string, string>()
                    : new Dictionary<string, string> { [ParameterAnalysis.FixedKey] = string.Join('\n', _fixed) },
        };

        string[] Renamed(IReadOnlyList<string> names) => [.. names.Select(n => n == logits.Name ? name : n)];

        static OnnxValue Output(string name, NetworkValue value) => OnnxValue.Create(name, OnnxElementType.Float, [-1, .. value.Shape]);
    }

    internal NetworkValue Apply(Layer layer, NetworkValue input)
    {
        if (input.Network != this)
            throw new ArgumentException($"The value '{input}' belongs to another network.", nameof(input));
        string scope = _scope;
        if (!layer.IsTransparent || layer.Name is not null)
            _scope = PathOf(layer, scope);
        var context = new LayerContext(this, layer, _scope, input);
        try
        {
            return layer.Apply(input, context);
        }
        catch (OnnxFormatException error)
        {
            throw context.Error(error.Message, error);
        }
        finally
        {
            _scope = scope;
        }
    }

    internal NetworkValue Combine(string opType, NetworkValue first, NetworkValue second) => Combine(opType, [first, second]);

    internal NetworkValue Combine(string opType, IReadOnlyList<NetworkValue> values, params OnnxAttribute[] attributes)
    {
        if (values.FirstOrDefault(v => v.Network != this) is { } stranger)
            throw new ArgumentException($"The value '{stranger}' belongs to another network.", nameof(values));
        string name = _scope.Length > 0 ? $"{_scope}/{opType}" : opType.ToLowerInvariant();
        try
        {
            return AddNode(name, opType, [.. values.Select(v => v.Name)], 1, attributes)[0];
        }
        catch (OnnxFormatException error)
        {
            throw new LayerException(name, opType, values[0].Shape, error.Message, error);
        }
    }

    /// <summary>Adds a node and infers the types of its outputs.</summary>
    internal NetworkValue[] AddNode(
        string name,
        string opType,
        IReadOnlyList<string> inputs,
        int outputs,
        params OnnxAttribute[] attributes
    )
    {
        name = Unused(name);
        string[] made = [name, .. Enumerable.Range(1, outputs - 1).Select(i => Unused($"{name}:{i}"))];
        OnnxNode node = OnnxNode.Create(opType, inputs, made, attributes);
        _types.Lower(node, Opset);
        _nodes.Add(node);
        return [.. made.Select(ValueOf)];
    }

    /// <summary>Adds a constant or parameter.</summary>
    internal string AddInitializer(OnnxTensor tensor, bool isConstant, bool isFixed = false)
    {
        string name = Unused(tensor.Name);
        if (isFixed)
            _fixed.Add(name);
        tensor = tensor.Rename(name);
        _initializers.Add(name, tensor);
        if (isConstant)
            _types.Values.AddConstant(tensor);
        else
            _types.Values.Types[name] = new TensorType(tensor.ElementType, [.. tensor.Shape]);
        return name;
    }

    private NetworkValue ValueOf(string name)
    {
        long[] shape = _types.Values.Types[_types.Values.Resolve(name)].Shape;
        return new NetworkValue(this, name, [.. shape.Skip(1).Select(size => checked((int)size))]);
    }

    /// <summary>True if the first dimension of a value is still the batch.</summary>
    internal bool HasBatch(NetworkValue value) => _types.Values.Types[_types.Values.Resolve(value.Name)].Shape is [ProbeBatch, ..];

    private string PathOf(Layer layer, string scope)
    {
        string prefix = scope.Length > 0 ? scope + "." : "";
        if (layer.Name is not null)
            return _layers.Add(prefix + layer.Name)
                ? prefix + layer.Name
                : throw new LayerException(
                    prefix + layer.Name,
                    layer.GetType().Name,
                    null,
                    "another layer has this name already; names must be unique."
                );
        string path = prefix + LayerNames.Of(layer);
        int count = _counts[path] = _counts.GetValueOrDefault(path) + 1;
        string name = count == 1 ? path : $"{path}_{count - 1}";
        _layers.Add(name);
        return name;
    }

    private string Unused(string wished)
    {
        string name = wished;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{wished}_{i}";
        return name;
    }

    private sealed class NameScope : IDisposable
    {
        private readonly NetworkBuilder _network;
        private readonly string _before;

        public NameScope(NetworkBuilder network, string name)
        {
            _network = network;
            _before = network._scope;
            network._scope = _before.Length > 0 ? $"{_before}.{name}" : name;
        }

        public void Dispose() => _network._scope = _before;
    }
}
