using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Ops;

namespace MLNetExtensions.TorchSharp.Tests.Ops;

/// <summary>A case's kernel, compiled for the output shapes that ONNX Runtime found.</summary>
internal sealed class KernelRun : IDisposable
{
    private readonly OpCase _case;
    private readonly OpKernel _kernel;
    private readonly List<IDisposable> _kept = [];

    public KernelRun(OpCase opCase, OpResult[] expected)
    {
        _case = opCase;
        OnnxGraph graph = opCase.ToGraph();
        var types = new Dictionary<string, TensorType>();
        foreach ((string name, OpInput input) in opCase.Given)
            types.Add(name, new TensorType(input.Tensor!.ElementType, [.. input.Tensor.Shape]));
        for (int i = 0; i < expected.Length; i++)
            types.Add(graph.Outputs[i].Name, new TensorType(expected[i].ElementType, expected[i].Shape));
        var registration =
            OpRegistry.Find(graph.Nodes[0], OnnxGraph.MaximumOpset)
            ?? throw new InvalidOperationException($"{opCase.OpType} is not registered.");
        var read = graph.Outputs.Select(o => o.Name).ToHashSet();
        _kernel = registration.Compile(
            new OpCompilation(
                graph.Nodes[0],
                new LoweredGraph(graph, types),
                new HashSet<string>(),
                read,
                new TrainingSessionOptions(),
                _kept
            )
        );
    }

    /// <summary>
    /// Tensors of the inputs: floats in the given type, 4-D ones channels-last as a session has them; null for absent ones.
    /// </summary>
    public Tensor?[] Inputs(torch.ScalarType floats) =>
        [.. _case.Inputs.Select(input => input.Tensor is { } tensor ? ToTorch(tensor, floats) : null)];

    public Tensor[] Run(Tensor?[] inputs, RunContext run)
    {
        Tensor[] outputs = _kernel(inputs, run);
        Assert.All(outputs, output => Assert.DoesNotContain(inputs, input => ReferenceEquals(input, output)));
        return outputs;
    }

    /// <summary>An inference pass.</summary>
    public static RunContext Inference(torch.ScalarType computeType) =>
        new()
        {
            Device = torch.CPU,
            ComputeType = computeType,
            Generator = new torch.Generator(1),
        };

    public void Dispose() => _kept.ForEach(k => k.Dispose());

    private static Tensor ToTorch(OnnxTensor tensor, torch.ScalarType floats)
    {
        Tensor result = tensor.ElementType switch
        {
            OnnxElementType.Float => torch.tensor(tensor.ToFloats(), floats),
            OnnxElementType.Bool => torch.tensor(tensor.ToInt64s()).to(torch.ScalarType.Bool),
            _ => torch.tensor(tensor.ToInt64s()),
        };
        result = result.reshape([.. tensor.Shape]);
        return tensor.Shape.Count == 4 ? result.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : result;
    }
}
