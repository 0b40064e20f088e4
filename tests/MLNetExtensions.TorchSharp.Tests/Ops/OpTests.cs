using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TorchSharp.Tests.Ops.Cases;

namespace MLNetExtensions.TorchSharp.Tests.Ops;

/// <summary>Every kernel against ONNX Runtime, and its gradients against finite differences.</summary>
public sealed class OpTests
{
    private static readonly Dictionary<string, OpCase> ByName = new IEnumerable<OpCase>[]
    {
        ConvolutionCases.All, ElementwiseCases.All, IndexingCases.All, LayoutCases.All, NormalizationCases.All, PoolingCases.All, ReductionCases.All,
        ResizeCases.All,
    }.SelectMany(cases => cases).ToDictionary(c => c.Name);

    /// <summary>Their gradient is zero, undefined or lost on purpose.</summary>
    private static readonly HashSet<string> NotDifferentiable =
    [
        "ArgMax", "ArgMin", "Cast", "Ceil", "Floor", "Hardmax", "IsInf", "IsNaN", "OneHot", "Round", "Sign",
        "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
    ];

    public static TheoryData<string> Cases => [.. ByName.Keys];

    public static TheoryData<string> DifferentiableCases =>
        [.. ByName.Values.Where(c => !NotDifferentiable.Contains(c.OpType) && c.Inputs.Any(IsDifferentiable)).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsOnnxRuntime(string name)
    {
        OpCase opCase = ByName[name];
        OpResult[] expected = OnnxRuntimeReference.Run(opCase);
        using IDisposable scope = torch.NewDisposeScope();
        using var kernel = new KernelRun(opCase, expected);

        Tensor[] actual = kernel.Run(kernel.Inputs(torch.ScalarType.Float32), KernelRun.Inference(torch.ScalarType.Float32));

        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Shape, actual[i].shape);
            Assert.Equal(expected[i].ElementType.ToScalarType(), actual[i].dtype);
            double[] values = Values(actual[i]);
            double scale = Math.Max(1, expected[i].Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
            for (int j = 0; j < values.Length; j++)
                if (!expected[i].Values[j].Equals(values[j]))
                    Assert.Equal(expected[i].Values[j], values[j], opCase.Tolerance * scale);
        }
    }

    [Theory]
    [MemberData(nameof(DifferentiableCases))]
    public void GradientsAreThoseOfFiniteDifferences(string name)
    {
        const double step = 1e-5;
        OpCase opCase = ByName[name];
        OpResult[] expected = OnnxRuntimeReference.Run(opCase);
        using IDisposable scope = torch.NewDisposeScope();
        using var kernel = new KernelRun(opCase, expected);
        // In 64 bits, where differences are exact enough to see a wrong term.
        RunContext run = KernelRun.Inference(torch.ScalarType.Float64);
        Tensor?[] inputs = kernel.Inputs(torch.ScalarType.Float64);
        Tensor weights = torch.rand(expected[0].Shape, torch.ScalarType.Float64, generator: new torch.Generator(5));
        int[] variables = [.. Enumerable.Range(0, inputs.Length).Where(i => IsDifferentiable(opCase.Inputs[i]))];
        foreach (int i in variables)
            inputs[i] = inputs[i]!.detach().requires_grad_(true);

        Loss().backward();

        using IDisposable noGradients = torch.no_grad();
        foreach (int i in variables)
        {
            Tensor input = inputs[i]!;
            Tensor gradient = input.grad ?? throw new InvalidOperationException($"input {i} got no gradient");
            double[] gradients = Values(gradient), values = Values(input);
            for (int element = 0; element < values.Length; element += Math.Max(1, values.Length / 10))
            {
                double slope = (LossAt(element, step) - LossAt(element, -step)) / (2 * step);
                Assert.Equal(slope, gradients[element], 1e-4 * Math.Max(1, Math.Abs(slope)));
            }

            double LossAt(int element, double change)
            {
                var moved = (double[])values.Clone();
                moved[element] += change;
                inputs[i] = torch.tensor(moved).reshape(input.shape);
                double loss = Loss().ToDouble();
                inputs[i] = input;
                return loss;
            }
        }

        Tensor Loss() => kernel.Run(inputs, run)[0].to(torch.ScalarType.Float64).mul(weights).sum();
    }

    /// <summary>In bfloat16 mode activations arrive in 16 bits, while parameters and constants stay floats.</summary>
    [Theory]
    [MemberData(nameof(DifferentiableCases))]
    public void TakesBFloat16Activations(string name)
    {
        OpCase opCase = ByName[name];
        OpResult[] expected = OnnxRuntimeReference.Run(opCase);
        using IDisposable scope = torch.NewDisposeScope();
        using var kernel = new KernelRun(opCase, expected);
        Tensor?[] inputs = kernel.Inputs(torch.ScalarType.Float32);
        int activation = Array.FindIndex(opCase.Inputs, IsDifferentiable);
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

    [Fact]
    public void EveryRegisteredOpHasACase()
    {
        string[] without = [.. OpRegistry.OpTypes.Except(ByName.Values.Select(c => c.OpType)).Except(TestedElsewhere)];
        Assert.True(without.Length == 0, $"no case for {string.Join(", ", without)}");
    }

    /// <summary>Casts, integer operators and quantisation, which the official node tests cover, and QuantizationTests.</summary>
    private static readonly string[] TestedElsewhere =
        ["AffineGrid", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CastLike", "DequantizeLinear", "GlobalLpPool", "QuantizeLinear"];

    private static bool IsDifferentiable(OpInput input) => input is { IsConstant: false, Tensor.ElementType: OnnxElementType.Float };

    private static double[] Values(Tensor tensor) => tensor.detach().to(torch.ScalarType.Float64).contiguous().data<double>().ToArray();
}
