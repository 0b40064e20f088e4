using System.Globalization;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>A GraphDef's nodes as far as outputs need them, with called functions inlined.</summary>
internal sealed class FlatGraph
{
    /// <summary>More nodes than any network has: files whose functions call each other twice over and over grow beyond.</summary>
    private const int MaximumNodes = 200_000;

    /// <summary>Names grow with each call inside a call.</summary>
    private const long MaximumCharacters = 32 << 20;

    private const int MaximumDepth = 64;

    private readonly Dictionary<string, FunctionDef> _functions = [];
    private readonly Dictionary<string, ImportNode> _nodes = [];
    private readonly Dictionary<string, int> _depths = [];

    /// <summary>Arguments and results of functions, and what they stand for.</summary>
    private readonly Dictionary<string, string> _aliases = [];
    private readonly HashSet<string> _inlined = [];
    private long _characters;

    public FlatGraph(GraphDef graph)
    {
        foreach (FunctionDef function in graph.Library?.Function ?? [])
            if (function.Signature is null || !_functions.TryAdd(function.Signature.Name, function))
                throw new TensorFlowFormatException(
                    $"The file has two functions named '{function.Signature?.Name}', or one without a name."
                );
        foreach (NodeDef node in graph.Node)
            Add(new ImportNode(node.Name, node, [.. node.Input.Where(i => !i.StartsWith('^')).Select(Indexed)]), 0);
    }

    /// <summary>The nodes of the file, before any function is inlined.</summary>
    public IReadOnlyCollection<ImportNode> Nodes => _nodes.Values;

    /// <summary><c>node</c> as <c>node:0</c>.</summary>
    public static string Indexed(string input) => input.Contains(':', StringComparison.Ordinal) ? input : input + ":0";

    /// <summary>The node's name of <c>node:0</c>.</summary>
    public static string NodeOf(string value) => value[..value.LastIndexOf(':')];

    /// <summary>The value that another one stands for, with what it takes inlined.</summary>
    public string Resolve(string value)
    {
        for (int steps = 0; steps <= MaximumNodes; steps++)
        {
            if (_nodes.TryGetValue(NodeOf(value), out ImportNode? node) && IsCall(node, out FunctionDef? function))
                Inline(node, function);
            if (!_aliases.TryGetValue(value, out string? next))
                return value;
            value = next;
        }
        throw new TensorFlowFormatException($"The functions of the file are circular at '{value}'.");
    }

    /// <summary>
    /// The nodes that values need, each after those it reads. Walks without recursion: a file may be as deep as it likes.
    /// </summary>
    /// <exception cref="TensorFlowFormatException">A node is missing, or the graph is circular.</exception>
    public List<ImportNode> Needed(IEnumerable<string> values)
    {
        var order = new List<ImportNode>();
        var state = new Dictionary<string, bool>();
        var open = new Stack<(ImportNode Node, bool Leaving)>();
        foreach (string value in values)
            open.Push((Find(Resolve(value), "the output"), false));
        while (open.TryPop(out (ImportNode Node, bool Leaving) entry))
        {
            if (entry.Leaving)
            {
                state[entry.Node.Name] = true;
                order.Add(entry.Node);
                continue;
            }
            if (state.TryGetValue(entry.Node.Name, out bool done))
            {
                if (!done)
                    throw entry.Node.Error("the graph is circular here (loops are not supported).");
                continue;
            }
            for (int i = 0; i < entry.Node.Inputs.Length; i++)
                entry.Node.Inputs[i] = Resolve(entry.Node.Inputs[i]);
            state[entry.Node.Name] = false;
            open.Push((entry.Node, true));
            foreach (string input in entry.Node.Inputs)
            {
                ImportNode source = Find(input, entry.Node.Describe());
                if (!state.TryGetValue(source.Name, out bool seen))
                    open.Push((source, false));
                else if (!seen)
                    throw source.Error("the graph is circular here (loops are not supported).");
            }
        }
        return order;
    }

    private ImportNode Find(string value, string reader) =>
        _nodes.TryGetValue(NodeOf(value), out ImportNode? node)
            ? node
            : throw new TensorFlowFormatException($"{reader} reads '{value}', which the graph does not have.");

    private bool IsCall(ImportNode node, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FunctionDef? function) =>
        _functions.TryGetValue(
            node.Op is "PartitionedCall" or "StatefulPartitionedCall" ? node.Attribute("f")?.Func?.Name ?? "" : node.Op,
            out function
        );

    private void Inline(ImportNode call, FunctionDef function)
    {
        if (!_inlined.Add(call.Name))
            return;
        int depth = _depths[call.Name] + 1;
        if (depth > MaximumDepth)
            throw call.Error("functions call each other more than 64 deep.");
        // An argument may have several values only where it is a list, which calls of whole models do not have.
        var arguments = new Dictionary<string, string>();
        if (function.Signature.InputArg.Count != call.Inputs.Length)
            throw call.Error(
                $"function '{function.Signature.Name}' has {function.Signature.InputArg.Count} arguments, the call {call.Inputs.Length}."
            );
        for (int i = 0; i < call.Inputs.Length; i++)
            arguments[function.Signature.InputArg[i].Name] = call.Inputs[i];
        foreach (NodeDef node in function.NodeDef)
            Add(new ImportNode($"{call.Name}/{node.Name}", node, [.. node.Input.Where(i => !i.StartsWith('^')).Select(Inside)]), depth);
        for (int i = 0; i < function.Signature.OutputArg.Count; i++)
        {
            string name = function.Signature.OutputArg[i].Name;
            _aliases[$"{call.Name}:{i}"] = function.Ret.TryGetValue(name, out string? result)
                ? Inside(result)
                : throw call.Error($"function '{function.Signature.Name}' has no result '{name}'.");
        }

        // Inside a function a value is an argument's name, or node:output:index.
        string Inside(string value)
        {
            string[] parts = value.Split(':');
            if (parts.Length == 1 && arguments.TryGetValue(value, out string? given))
                return given;
            int index = parts.Length == 3 && int.TryParse(parts[2], CultureInfo.InvariantCulture, out int number) ? number : 0;
            return $"{call.Name}/{parts[0]}:{index + (parts.Length > 1 ? FirstOf(parts[1]) : 0)}";
        }
    }

    /// <summary>The number of an op's named output, for those ops that have several.</summary>
    private static int FirstOf(string output) =>
        output switch
        {
            "batch_mean" or "indices" => 1,
            "batch_variance" => 2,
            "reserve_space_1" => 3,
            "reserve_space_2" => 4,
            "reserve_space_3" => 5,
            _ => 0,
        };

    private void Add(ImportNode node, int depth)
    {
        _characters += node.Name.Length + node.Inputs.Sum(i => i.Length);
        if (_characters > MaximumCharacters)
            throw new TensorFlowFormatException(
                $"The graph's names have more than {MaximumCharacters} letters with its functions inlined."
            );
        if (_nodes.Count >= MaximumNodes)
            throw new TensorFlowFormatException($"The graph has more than {MaximumNodes} nodes with its functions inlined.");
        if (!_nodes.TryAdd(node.Name, node))
            throw new TensorFlowFormatException($"The graph has two nodes named '{node.Name}'.");
        _depths[node.Name] = depth;
    }
}
