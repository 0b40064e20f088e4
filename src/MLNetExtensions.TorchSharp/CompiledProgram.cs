using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp;

/// <summary>A graph lowered for one set of input shapes: kernels in order, and numbered slots for the values between them.</summary>
internal sealed class CompiledProgram : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Instruction[] _instructions;
    private readonly Tensor?[] _slots;
    private readonly int[] _temporarySlots;
    private readonly int _output;

    private CompiledProgram(
        LoweredGraph lowered,
        ParameterStore parameters,
        ConstantStore constants,
        TrainingSessionOptions options,
        torch.Device device
    )
    {
        OnnxGraph graph = lowered.Graph;
        OnnxNode[] nodes = graph.NodesOfFirstOutput();
        var slots = new Dictionary<string, int>();
        Inputs = [.. graph.Inputs.Select(input => Own(new InputBuffer(lowered.Types[input.Name], device)))];
        long[] outputShape = lowered.Types[graph.Outputs[0].Name].Shape;
        OutputCount = outputShape.Aggregate(1L, (product, size) => product * size);
        Targets = Own(new InputBuffer(new TensorType(OnnxElementType.Float, BatchShapes.OfTargets(outputShape, options.Loss)), device));
        InputShapes = [.. graph.Inputs.Select(input => lowered.Types[input.Name].Shape)];

        var permanent = new List<Tensor>();
        for (int i = 0; i < Inputs.Length; i++)
        {
            slots.Add(graph.Inputs[i].Name, permanent.Count);
            permanent.Add(Inputs[i].Tensor);
        }
        foreach (string name in nodes.SelectMany(n => n.Inputs).Append(graph.Outputs[0].Name).Distinct())
        {
            if (!graph.Initializers.TryGetValue(name, out OnnxTensor? initializer) || initializer.ElementType == OnnxElementType.String)
                continue;
            slots.Add(name, permanent.Count);
            permanent.Add(parameters.Contains(name) ? parameters.TensorOf(name) : constants.Get(initializer, _owned));
        }
        foreach (string name in nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
            slots.TryAdd(name, slots.Count);

        _slots = new Tensor?[slots.Count];
        permanent.CopyTo(_slots!);
        _temporarySlots = [.. Enumerable.Range(permanent.Count, slots.Count - permanent.Count)];
        _output = slots[graph.Outputs[0].Name];
        _instructions = Compile(lowered, nodes, slots, permanent.Count, parameters, options);
    }

    /// <summary>The graph's inputs, in order.</summary>
    public InputBuffer[] Inputs { get; }

    /// <summary>The targets that the loss compares the output with.</summary>
    public InputBuffer Targets { get; }

    /// <summary>The number of values of the graph's first output.</summary>
    public long OutputCount { get; }

    /// <summary>The shapes that the program is made for.</summary>
    public long[][] InputShapes { get; }

    /// <summary>Compiles a graph.</summary>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public static CompiledProgram Create(
        LoweredGraph lowered,
        ParameterStore parameters,
        ConstantStore constants,
        TrainingSessionOptions options,
        torch.Device device
    )
    {
        using IDisposable scope = torch.NewDisposeScope();
        return new CompiledProgram(lowered, parameters, constants, options, device);
    }

    /// <summary>True if the program was compiled for these shapes.</summary>
    public bool IsFor(long[][] shapes)
    {
        for (int i = 0; i < shapes.Length; i++)
            if (!shapes[i].AsSpan().SequenceEqual(InputShapes[i]))
                return false;
        return true;
    }

    /// <summary>Runs the kernels on what the input buffers hold.</summary>
    /// <returns>The graph's first output, owned by the caller's dispose scope.</returns>
    public Tensor Run(RunContext run)
    {
        try
        {
            foreach (Instruction instruction in _instructions)
                Execute(instruction, run);
            Tensor output = _slots[_output]!;
            return Array.IndexOf(_temporarySlots, _output) >= 0 ? output : output.alias();
        }
        finally
        {
            foreach (int slot in _temporarySlots)
                _slots[slot] = null;
        }
    }

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private void Execute(Instruction instruction, RunContext run)
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
            _slots[slot]?.Dispose();
            _slots[slot] = null;
        }
    }

    private Instruction[] Compile(
        LoweredGraph lowered,
        OnnxNode[] nodes,
        Dictionary<string, int> slots,
        int permanentSlots,
        ParameterStore parameters,
        TrainingSessionOptions options
    )
    {
        HashSet<string> variables = [.. parameters.Names],
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
            throw new UnsupportedOpsException("The TorchSharp runtime", lowered.Graph, unsupported);
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

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private sealed record Instruction(OnnxNode Node, OpKernel Kernel, int[] Inputs, int[] Outputs)
    {
        /// <summary>The array handed to the kernel, reused.</summary>
        public Tensor?[] Arguments { get; } = new Tensor?[Inputs.Length];

        /// <summary>The slots that no later instruction reads.</summary>
        public int[] LastReads { get; set; } = [];
    }
}
