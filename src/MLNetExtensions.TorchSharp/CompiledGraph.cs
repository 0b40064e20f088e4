using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TorchSharp.Privacy;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp;

/// <summary>The nodes of a lowered graph: kernels in order, and numbered slots for the values between them.</summary>
internal sealed class CompiledGraph : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Instruction[] _instructions;
    private readonly Tensor?[] _slots;
    private readonly int[] _temporarySlots;
    private readonly int _inputs;
    private readonly int _output;
    private readonly SegmentedBackward? _backward;

    private CompiledGraph(
        string runtime,
        LoweredGraph lowered,
        ParameterStore? parameters,
        ConstantStore constants,
        TrainingSessionOptions options,
        IReadOnlyList<ParameterUse>? uses
    )
    {
        OnnxGraph graph = lowered.Graph;
        OnnxNode[] nodes = graph.NodesOfFirstOutput();
        var slots = new Dictionary<string, int>();
        foreach (OnnxValue input in graph.Inputs)
            slots.Add(input.Name, slots.Count);
        _inputs = slots.Count;

        var permanent = new List<Tensor>();
        foreach (string name in nodes.SelectMany(n => n.Inputs).Append(graph.Outputs[0].Name).Distinct())
        {
            if (!graph.Initializers.TryGetValue(name, out OnnxTensor? initializer) || initializer.ElementType == OnnxElementType.String)
                continue;
            slots.Add(name, slots.Count);
            permanent.Add(parameters?.Contains(name) == true ? parameters.TensorOf(name) : constants.Get(initializer, _owned));
        }
        int permanentSlots = slots.Count;
        foreach (string name in nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
            slots.TryAdd(name, slots.Count);

        _slots = new Tensor?[slots.Count];
        permanent.CopyTo(_slots!, _inputs);
        _temporarySlots = [.. Enumerable.Range(permanentSlots, slots.Count - permanentSlots)];
        _output = slots[graph.Outputs[0].Name];
        _instructions = Compile(runtime, lowered, nodes, slots, permanentSlots, parameters, options);
        if (uses is not null)
            Examples = new ExampleGradients(_instructions, lowered, uses);
        else if (parameters is not null && options.CancellationToken.CanBeCanceled)
            _backward = SegmentedBackward.Create(
                _instructions,
                lowered,
                parameters.TrainableNames.Where(slots.ContainsKey).Select(name => slots[name]).ToHashSet(),
                _output
            );
    }

    /// <summary>True if a backward pass is more than one call of libtorch, so that it can be broken off.</summary>
    public bool IsSegmented => _backward is not null;

    /// <summary>The norms of single examples' gradients; null where they are not asked for.</summary>
    public ExampleGradients? Examples { get; }

    /// <summary>Compiles a graph.</summary>
    /// <param name="runtime">The subject of the message where something is not supported.</param>
    /// <param name="lowered">The graph.</param>
    /// <param name="parameters">Its parameters; null where it has none.</param>
    /// <param name="constants">Where its other initializers are held.</param>
    /// <param name="options">The session's options.</param>
    /// <param name="uses">The uses of its parameters, to tell the gradients of single examples; null otherwise.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public static CompiledGraph Create(
        string runtime,
        LoweredGraph lowered,
        ParameterStore? parameters,
        ConstantStore constants,
        TrainingSessionOptions options,
        IReadOnlyList<ParameterUse>? uses = null
    )
    {
        using IDisposable scope = torch.NewDisposeScope();
        return new CompiledGraph(runtime, lowered, parameters, constants, options, uses);
    }

    /// <summary>Runs the kernels.</summary>
    /// <param name="inputs">The graph's inputs, in order; the caller's.</param>
    /// <param name="run">The kind of pass.</param>
    /// <returns>The graph's first output, owned by the caller's dispose scope.</returns>
    public Tensor Run(ReadOnlySpan<Tensor> inputs, RunContext run)
    {
        try
        {
            inputs.CopyTo(_slots!);
            SegmentedBackward? backward = run.Training ? _backward : null;
            ExampleGradients? examples = run.Training ? Examples : null;
            backward?.Begin();
            examples?.Begin();
            for (int i = 0; i < _instructions.Length; i++)
            {
                run.CancellationToken.ThrowIfCancellationRequested();
                Execute(_instructions[i], run, backward, examples);
                backward?.Cut(i, _slots);
            }
            Tensor output = _slots[_output]!;
            return Array.IndexOf(_temporarySlots, _output) >= 0 ? output : output.alias();
        }
        finally
        {
            Array.Clear(_slots, 0, _inputs);
            foreach (int slot in _temporarySlots)
                _slots[slot] = null;
        }
    }

    /// <summary>Adds the gradients of a loss to the parameters' gradients.</summary>
    /// <param name="loss">The loss of what the last run returned.</param>
    /// <param name="cancellationToken">Ends the pass between two calls of libtorch; some gradients have been added to then.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public void Backward(Tensor loss, CancellationToken cancellationToken)
    {
        if (_backward is null)
            loss.backward();
        else
            _backward.Run(loss, cancellationToken);
    }

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private void Execute(Instruction instruction, RunContext run, SegmentedBackward? backward, ExampleGradients? examples)
    {
        Tensor?[] arguments = instruction.Arguments;
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = instruction.Inputs[i] >= 0 ? _slots[instruction.Inputs[i]] : null;
        Tensor[] results;
        try
        {
            results = instruction.Kernel(arguments, run);
        }
        catch (Exception error) when (error is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            throw new InvalidOperationException($"Node {instruction.Node.Describe()} failed in libtorch: {error.Message}", error);
        }
        examples?.Record(instruction, arguments, results[0]);
        for (int i = 0; i < results.Length; i++)
        {
            if (i < instruction.Outputs.Length && instruction.Outputs[i] >= 0)
                _slots[instruction.Outputs[i]] = results[i];
            else
                results[i].Dispose();
        }
        // Autograd keeps what it needs: the session's own handles can go as soon as no later node reads them.
        foreach (int slot in instruction.LastReads)
        {
            if (backward?.Keeps(slot) != true && examples?.Keeps(slot) != true)
                _slots[slot]?.Dispose();
            _slots[slot] = null;
        }
    }

    private Instruction[] Compile(
        string runtime,
        LoweredGraph lowered,
        OnnxNode[] nodes,
        Dictionary<string, int> slots,
        int permanentSlots,
        ParameterStore? parameters,
        TrainingSessionOptions options
    )
    {
        HashSet<string> variables = [.. parameters?.Names ?? []],
            read = [.. nodes.SelectMany(n => n.Inputs), lowered.Graph.Outputs[0].Name];
        var unsupported = new List<(OnnxNode, string)>();
        var instructions = new List<Instruction>(nodes.Length);
        foreach (OnnxNode node in nodes)
        {
            if (OpRegistry.Find(node, lowered.Graph.Opset) is not { } registration)
            {
                unsupported.Add((node, "no such operator here"));
                continue;
            }
            try
            {
                OpKernel kernel = registration.Compile(new OpCompilation(node, lowered, variables, read, options, _owned));
                instructions.Add(new Instruction(node, kernel, SlotsOf(node.Inputs), SlotsOf(node.Outputs)));
            }
            catch (UnsupportedOpException error)
            {
                unsupported.Add((node, error.Message));
            }
        }
        if (unsupported.Count > 0)
        {
            Dispose();
            throw new UnsupportedOpsException(runtime, lowered.Graph, unsupported);
        }
        FindLastReads(instructions, permanentSlots);
        return [.. instructions];

        int[] SlotsOf(IReadOnlyList<string> names) =>
            [.. names.Select(n => n.Length > 0 && slots.TryGetValue(n, out int slot) ? slot : -1)];
    }

    private void FindLastReads(List<Instruction> instructions, int permanentSlots)
    {
        var seen = new HashSet<int> { _output };
        for (int i = instructions.Count - 1; i >= 0; i--)
        {
            Instruction instruction = instructions[i];
            instruction.LastReads =
            [
                .. instruction.Inputs.Concat(instruction.Outputs).Where(slot => slot >= permanentSlots).Distinct().Where(seen.Add),
            ];
        }
    }
}
