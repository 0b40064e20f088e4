using System.Runtime.InteropServices;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract;
using TorchSharp;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>A lowered graph's kernels, one after another, without a session.</summary>
internal sealed class GraphRun : IGraphRun
{
    private readonly LoweredGraph _lowered;
    private readonly bool _float64;
    private readonly List<IDisposable> _kept = [];
    private readonly List<(OnnxNode Node, OpKernel Kernel)> _kernels = [];
    private readonly RunContext _run;

    public GraphRun(OnnxGraph graph, IReadOnlyDictionary<string, long[]> shapes, bool float64)
    {
        using IDisposable scope = torch.NewDisposeScope();
        _float64 = float64;
        _lowered = GraphLowering.Lower(graph, shapes, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        _run = new RunContext
        {
            Device = torch.CPU,
            ComputeType = float64 ? torch.ScalarType.Float64 : torch.ScalarType.Float32,
            Generator = new torch.Generator(0),
        };
        HashSet<string> read = [.. _lowered.Graph.Nodes.SelectMany(n => n.Inputs), .. OutputNames];
        foreach (OnnxNode node in _lowered.Graph.Nodes)
        {
            var registration =
                OpRegistry.Find(node, _lowered.Graph.Opset) ?? throw new UnsupportedOpException($"no kernel for {node.Describe()}");
            _kernels.Add(
                (
                    node,
                    registration.Compile(
                        new OpCompilation(node, _lowered, new HashSet<string>(), read, new TrainingSessionOptions(), _kept)
                    )
                )
            );
        }
    }

    public IReadOnlyList<string> OpTypes => [.. _lowered.Graph.Nodes.Select(n => n.OpType)];

    private IEnumerable<string> OutputNames => _lowered.Graph.Outputs.Select(o => o.Name).Distinct();

    public IReadOnlyList<OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        Dictionary<string, torch.Tensor> values = Execute(inputs.ToDictionary(i => i.Key, i => ToTorch(i.Value)));
        return [.. OutputNames.Select(name => ToOnnx(name, values[name], _lowered.Types[name].ElementType))];
    }

    public IReadOnlyDictionary<string, OnnxTensor> Gradients(
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        OnnxTensor outputGradient,
        IReadOnlyCollection<string> with
    )
    {
        using IDisposable scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> given = inputs.ToDictionary(i => i.Key, i => ToTorch(i.Value));
        foreach (string name in with)
            given[name] = given[name].detach().requires_grad_(true);
        Execute(new Dictionary<string, torch.Tensor>(given))[OutputNames.First()].mul(ToTorch(outputGradient)).sum().backward();
        return with.Where(name => given[name].grad is not null)
            .ToDictionary(name => name, name => ToOnnx(name, given[name].grad!, inputs[name].ElementType));
    }

    public void Dispose()
    {
        _run.Generator.Dispose();
        _kept.ForEach(k => k.Dispose());
    }

    private Dictionary<string, torch.Tensor> Execute(Dictionary<string, torch.Tensor> values)
    {
        foreach (OnnxTensor initializer in _lowered.Graph.Initializers.Values)
            values[initializer.Name] = ToTorch(initializer);
        foreach ((OnnxNode node, OpKernel kernel) in _kernels)
        {
            torch.Tensor?[] arguments = [.. node.Inputs.Select(i => i.Length > 0 ? values[i] : null)];
            torch.Tensor[] results = kernel([.. arguments], _run);
            // A session disposes what kernels return.
            if (results.Any(result => arguments.Any(argument => ReferenceEquals(argument, result))))
                throw new InvalidOperationException($"The kernel of {node.Describe()} returned its own input.");
            for (int i = 0; i < Math.Min(results.Length, node.Outputs.Count); i++)
                if (node.HasOutput(i))
                    values[node.Outputs[i]] = results[i];
        }
        return values;
    }

    /// <summary>A tensor that goes with the dispose scope; 4-D floats are channels-last, as a session has them.</summary>
    private torch.Tensor ToTorch(OnnxTensor tensor)
    {
        torch.Tensor result = TensorConversion.ToTorch(tensor, torch.CPU);
        torch.CurrentDisposeScope!.Attach(result);
        return _float64 && result.dtype == torch.ScalarType.Float32 ? result.to(torch.ScalarType.Float64) : result;
    }

    /// <summary>A copy of a tensor, in the expected type where that is held as this.</summary>
    private static OnnxTensor ToOnnx(string name, torch.Tensor tensor, OnnxElementType expected)
    {
        torch.Tensor contiguous = tensor.detach().contiguous();
        OnnxElementType type =
            contiguous.dtype == expected.ToScalarType()
                ? expected
                : Enum.GetValues<OnnxElementType>()
                    .First(candidate =>
                        candidate
                            is not (
                                OnnxElementType.Undefined
                                or OnnxElementType.String
                                or OnnxElementType.UInt16
                                or OnnxElementType.UInt32
                                or OnnxElementType.UInt64
                            )
                        && candidate.ToScalarType() == contiguous.dtype
                    );
        byte[] bytes = type switch
        {
            OnnxElementType.UInt16 => MemoryMarshal
                .AsBytes<ushort>([.. MemoryMarshal.Cast<byte, int>(contiguous.bytes).ToArray().Select(v => (ushort)v)])
                .ToArray(),
            OnnxElementType.UInt32 => MemoryMarshal
                .AsBytes<uint>([.. MemoryMarshal.Cast<byte, long>(contiguous.bytes).ToArray().Select(v => (uint)v)])
                .ToArray(),
            _ => contiguous.bytes.ToArray(),
        };
        return new OnnxTensor(name, type, contiguous.shape, bytes);
    }
}
