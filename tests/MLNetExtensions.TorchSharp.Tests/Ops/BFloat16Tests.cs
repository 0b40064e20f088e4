using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TrainingContract.Ops;

namespace MLNetExtensions.TorchSharp.Tests.Ops;

/// <summary>Every kernel with activations in 16 bits.</summary>
public sealed class BFloat16Tests
{
    /// <summary>The cases of operators that have a kernel; the others are rewritten in these.</summary>
    public static TheoryData<string> Cases =>
        [.. OpTests.ByName.Values.Where(c => OpTests.IsDifferentiable(c) && OpRegistry.OpTypes.Contains(c.OpType)).Select(c => c.Name)];

    /// <summary>In bfloat16 mode activations arrive in 16 bits, while parameters and constants stay floats.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Takes_BFloat16_activations(string name)
    {
        OpCase opCase = OpTests.ByName[name];
        OpResult[] expected = OnnxRuntimeReference.Run(opCase);
        using IDisposable scope = torch.NewDisposeScope();
        using var kernel = new KernelRun(opCase, expected);
        Tensor?[] inputs = kernel.Inputs(torch.ScalarType.Float32);
        int activation = Array.FindIndex(opCase.Inputs, OpCase.IsDifferentiable);
        Tensor rounded = inputs[activation]!.to(torch.ScalarType.BFloat16).detach().requires_grad_(true);
        inputs[activation] = rounded.to(torch.ScalarType.Float32).detach();
        double[] exact = Values(kernel.Run(inputs, KernelRun.Inference(torch.ScalarType.Float32))[0]);
        inputs[activation] = rounded;

        Tensor output = kernel.Run(inputs, KernelRun.Inference(torch.ScalarType.BFloat16))[0];
        output.to(torch.ScalarType.Float32).sum().backward();

        double[] values = Values(output);
        double scale = exact.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(exact[i], values[i], 0.03 * scale);
        Assert.Equal(torch.ScalarType.BFloat16, rounded.grad!.dtype);
    }

    private static double[] Values(Tensor tensor) => tensor.detach().to(torch.ScalarType.Float64).contiguous().data<double>().ToArray();
}
