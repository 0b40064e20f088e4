using MLNetExtensions.Onnx;
using MLNetExtensions.TrainingContract.Ops.Cases;

namespace MLNetExtensions.TrainingContract.Ops;

/// <summary>Every kernel against ONNX Runtime, and its gradients against finite differences.</summary>
public sealed class OpTests
{
    internal static readonly Dictionary<string, OpCase> ByName = new IEnumerable<OpCase>[]
    {
        ConvolutionCases.All,
        ElementwiseCases.All,
        IndexingCases.All,
        LayoutCases.All,
        NormalizationCases.All,
        PoolingCases.All,
        ReductionCases.All,
        ResizeCases.All,
    }
        .SelectMany(cases => cases)
        .ToDictionary(c => c.Name);

    /// <summary>Their gradient is zero, undefined or lost on purpose.</summary>
    private static readonly HashSet<string> NotDifferentiable =
    [
        "ArgMax",
        "ArgMin",
        "Cast",
        "Ceil",
        "Floor",
        "Hardmax",
        "IsInf",
        "IsNaN",
        "OneHot",
        "Round",
        "Sign",
        "Equal",
        "Greater",
        "GreaterOrEqual",
        "Less",
        "LessOrEqual",
    ];

    public static TheoryData<string> Cases => [.. ByName.Keys];

    public static TheoryData<string> DifferentiableCases => [.. ByName.Values.Where(IsDifferentiable).Select(c => c.Name)];

    /// <summary>True if the case has a gradient.</summary>
    internal static bool IsDifferentiable(OpCase opCase) =>
        !NotDifferentiable.Contains(opCase.OpType) && opCase.Inputs.Any(OpCase.IsDifferentiable);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_equal_ONNX_Runtime(string name)
    {
        OpCase opCase = ByName[name];
        OpResult[] expected = OnnxRuntimeReference.Run(opCase);
        using IGraphRun run = Compile(opCase, float64: false);
        // What the runtime claims to do is not decomposed; Identity nodes vanish.
        if (opCase.OpType != "Identity" && RuntimeUnderTest.OpTypes.Contains(opCase.OpType))
            Assert.Equal([opCase.OpType], run.OpTypes);

        IReadOnlyList<OnnxTensor> actual = run.Run(opCase.RuntimeInputs());

        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Shape, actual[i].Shape);
            Assert.Equal(expected[i].ElementType, actual[i].ElementType);
            double[] values = actual[i].ToDoubles();
            double scale = Math.Max(1, expected[i].Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
            for (int j = 0; j < values.Length; j++)
                if (!expected[i].Values[j].Equals(values[j]))
                    Assert.Equal(expected[i].Values[j], values[j], opCase.Tolerance * scale);
        }
    }

    /// <summary>In 64 bits, where differences are exact enough to see a wrong term; a runtime without them has a coarser test.</summary>
    [Theory]
    [MemberData(nameof(DifferentiableCases))]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        bool float64 = RuntimeUnderTest.HasFloat64;
        (double step, double tolerance) = float64 ? (1e-5, 1e-4) : (1e-3, 5e-3);
        OpCase opCase = ByName[name];
        using IGraphRun run = Compile(opCase, float64);
        Dictionary<string, OnnxTensor> inputs = opCase
            .RuntimeInputs()
            .ToDictionary(i => i.Key, i => i.Value.ElementType == OnnxElementType.Float ? Floats(i.Value, i.Value.ToDoubles()) : i.Value);
        string[] variables = [.. opCase.Given.Where(i => OpCase.IsDifferentiable(i.Input)).Select(i => i.Name)];
        OnnxTensor output = run.Run(inputs)[0];
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, (int)output.Count).Select(_ => random.NextDouble())];

        IReadOnlyDictionary<string, OnnxTensor> gradients = run.Gradients(inputs, Floats(output, weights), variables);

        foreach (string variable in variables)
        {
            OnnxTensor input = inputs[variable];
            Assert.True(gradients.ContainsKey(variable), $"{variable} got no gradient");
            Assert.Equal(input.Shape, gradients[variable].Shape);
            double[] gradient = gradients[variable].ToDoubles(),
                values = input.ToDoubles();
            for (int element = 0; element < values.Length; element += Math.Max(1, values.Length / 10))
            {
                double slope = (LossAt(element, step) - LossAt(element, -step)) / (2 * step);
                Assert.Equal(slope, gradient[element], tolerance * Math.Max(1, Math.Abs(slope)));
            }

            double LossAt(int element, double change)
            {
                var moved = (double[])values.Clone();
                moved[element] += change;
                inputs[variable] = Floats(input, moved);
                double[] outputs = run.Run(inputs)[0].ToDoubles();
                inputs[variable] = input;
                return outputs.Zip(weights, (value, weight) => value * weight).Sum();
            }
        }

        OnnxTensor Floats(OnnxTensor like, double[] values) => TensorValues.Floats(like.Name, [.. like.Shape], values, float64);
    }

    [NeedsNothing]
    [Fact]
    public void Every_registered_op_has_a_case()
    {
        string[] without = [.. RuntimeUnderTest.OpTypes.Except(ByName.Values.Select(c => c.OpType)).Except(TestedElsewhere)];
        Assert.True(without.Length == 0, $"no case for {string.Join(", ", without)}");
    }

    /// <summary>Casts, integer operators and quantization, which the official node tests cover, and QuantizationTests.</summary>
    private static readonly string[] TestedElsewhere =
    [
        "AffineGrid",
        "BitShift",
        "BitwiseAnd",
        "BitwiseNot",
        "BitwiseOr",
        "BitwiseXor",
        "CastLike",
        "DequantizeLinear",
        "GlobalLpPool",
        "QuantizeLinear",
    ];

    private static IGraphRun Compile(OpCase opCase, bool float64) =>
        RuntimeUnderTest.Compile(opCase.ToGraph(), opCase.RuntimeInputs().ToDictionary(i => i.Key, i => i.Value.Shape.ToArray()), float64);
}
