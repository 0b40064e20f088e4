using MLNetExtensions.Onnx;
using MLNetExtensions.TrainingContract.Ops;

namespace MLNetExtensions.TensorFlow.Tests.Ops;

/// <summary>
/// Kernels compute the same from values in the layouts and types in which other kernels leave them, outputs and gradients.
/// </summary>
public sealed class HeldValueTests
{
    public static TheoryData<string> WithChannels =>
        [
            .. OpTests
                .ByName.Values.Where(c => c.Given.Any(i => !i.Input.IsConstant && i.Input.Tensor!.Shape.Count >= 3))
                .Select(c => c.Name),
        ];

    public static TheoryData<string> DifferentiableWithChannels =>
        [.. OpTests.DifferentiableCases.Select(row => row.Data).Intersect(WithChannels.Select(row => row.Data))];

    /// <summary>Quotients jump where an operand's last bits change.</summary>
    public static TheoryData<string> Continuous =>
        [.. OpTests.DifferentiableCases.Select(row => row.Data).Where(name => OpTests.ByName[name].OpType != "Mod")];

    [Theory]
    [MemberData(nameof(WithChannels))]
    public void Channels_last_give_the_same(string name)
    {
        AssertSameOutputs(OpTests.ByName[name], Held.ChannelsLast, 1e-5);
    }

    [Theory]
    [MemberData(nameof(DifferentiableWithChannels))]
    public void Channels_last_give_the_same_gradients(string name)
    {
        AssertSameGradients(OpTests.ByName[name], Held.ChannelsLast, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Continuous))]
    public void Sixteen_bits_give_nearly_the_same(string name)
    {
        AssertSameOutputs(OpTests.ByName[name], Held.InBFloat16, 0.03);
    }

    /// <summary>Where the ramp of a hard sigmoid ends moves by what rounds on the way.</summary>
    public static TheoryData<string> Smooth =>
        [.. Continuous.Select(row => row.Data).Where(name => OpTests.ByName[name].OpType is not ("HardSigmoid" or "HardSwish"))];

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Sixteen_bits_give_nearly_the_same_gradients(string name)
    {
        AssertSameGradients(OpTests.ByName[name], Held.InBFloat16, 0.1);
    }

    [Theory]
    [MemberData(nameof(Continuous))]
    public void Sixteen_bits_of_a_small_range_give_nearly_the_same(string name)
    {
        AssertSameOutputs(OpTests.ByName[name], Held.InFloat16, 0.01);
    }

    /// <summary>
    /// Without the gradient of 3 million at a pole of tan, which that range has no number for, and without the products with broadcast
    /// batches, for whose gradient TensorFlow has such a kernel on GPUs only.
    /// </summary>
    public static TheoryData<string> InSmallRange =>
        [.. Smooth.Select(row => row.Data).Where(name => OpTests.ByName[name].OpType != "Tan" && name != "MatMul, broadcast batches")];

    [Theory]
    [MemberData(nameof(InSmallRange))]
    public void Sixteen_bits_of_a_small_range_give_nearly_the_same_gradients(string name)
    {
        AssertSameGradients(OpTests.ByName[name], Held.InFloat16, 0.03);
    }

    private static void AssertSameOutputs(OpCase opCase, Held held, double tolerance)
    {
        using GraphRun given = Compile(opCase, Held.AsGiven),
            other = Compile(opCase, held);
        Dictionary<string, OnnxTensor> inputs = Inputs(opCase);
        foreach ((OnnxTensor expected, OnnxTensor actual) in given.Run(inputs).Zip(other.Run(inputs)))
            AssertSame(expected, actual, tolerance);
    }

    private static void AssertSameGradients(OpCase opCase, Held held, double tolerance)
    {
        using GraphRun given = Compile(opCase, Held.AsGiven),
            other = Compile(opCase, held);
        Dictionary<string, OnnxTensor> inputs = Inputs(opCase);
        OnnxTensor output = given.Run(inputs)[0];
        var random = new Random(5);
        OnnxTensor weights = OnnxTensor.FromFloats(
            "",
            [.. output.Shape],
            [.. Enumerable.Range(0, (int)output.Count).Select(_ => random.NextSingle())]
        );
        string[] variables = [.. opCase.Given.Where(i => OpCase.IsDifferentiable(i.Input)).Select(i => i.Name)];
        IReadOnlyDictionary<string, OnnxTensor> expected = given.Gradients(inputs, weights, variables),
            actual = other.Gradients(inputs, weights, variables);
        foreach (string variable in variables)
            AssertSame(expected[variable], actual[variable], tolerance);
    }

    private static GraphRun Compile(OpCase opCase, Held held) =>
        new(opCase.ToGraph(), opCase.RuntimeInputs().ToDictionary(i => i.Key, i => i.Value.Shape.ToArray()), float64: false, held);

    /// <summary>The case's inputs with floats that have no more than 16 bits, so that functions with bends are on the same side.</summary>
    private static Dictionary<string, OnnxTensor> Inputs(OpCase opCase) =>
        opCase
            .RuntimeInputs()
            .ToDictionary(
                i => i.Key,
                i =>
                    i.Value.ElementType != OnnxElementType.Float
                        ? i.Value
                        : OnnxTensor.FromFloats(
                            "",
                            [.. i.Value.Shape],
                            [
                                .. i
                                    .Value.ToFloats()
                                    .Select(v => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(v) & 0xFFFF0000)),
                            ]
                        )
            );

    /// <summary>Relative to the largest value where that is above 1.</summary>
    private static void AssertSame(OnnxTensor expected, OnnxTensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] values = expected.ToDoubles();
        double scale = Math.Max(1, values.Select(Math.Abs).DefaultIfEmpty().Max());
        foreach ((double e, double a) in values.Zip(actual.ToDoubles()))
            Assert.Equal(e, a, tolerance * scale);
    }
}
