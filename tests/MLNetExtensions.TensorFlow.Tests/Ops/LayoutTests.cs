using MLNetExtensions.Onnx;
using MLNetExtensions.TrainingContract.Ops;

namespace MLNetExtensions.TensorFlow.Tests.Ops;

/// <summary>Kernels that take values with their channels last compute the same from them, outputs and gradients.</summary>
public sealed class LayoutTests
{
    public static TheoryData<string> Cases => [.. OpTests.ByName.Values.Where(c => c.Given.Any(i => !i.Input.IsConstant && i.Input.Tensor!.Shape.Count >= 3)).Select(c => c.Name)];

    public static TheoryData<string> DifferentiableCases => [.. OpTests.DifferentiableCases.Select(row => row.Data).Intersect(Cases.Select(row => row.Data))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChannelsLastGivesTheSame(string name)
    {
        LibraryForTests.Require();
        OpCase opCase = OpTests.ByName[name];
        using GraphRun first = Compile(opCase, channelsLast: false), last = Compile(opCase, channelsLast: true);
        foreach ((OnnxTensor expected, OnnxTensor actual) in first.Run(opCase.RuntimeInputs()).Zip(last.Run(opCase.RuntimeInputs())))
            AssertSame(expected, actual);
    }

    [Theory]
    [MemberData(nameof(DifferentiableCases))]
    public void ChannelsLastGivesTheSameGradients(string name)
    {
        LibraryForTests.Require();
        OpCase opCase = OpTests.ByName[name];
        using GraphRun first = Compile(opCase, channelsLast: false), last = Compile(opCase, channelsLast: true);
        Dictionary<string, OnnxTensor> inputs = opCase.RuntimeInputs();
        OnnxTensor output = first.Run(inputs)[0];
        var random = new Random(5);
        OnnxTensor weights = OnnxTensor.FromFloats("", [.. output.Shape], [.. Enumerable.Range(0, (int)output.Count).Select(_ => random.NextSingle())]);
        string[] variables = [.. opCase.Given.Where(i => OpCase.IsDifferentiable(i.Input)).Select(i => i.Name)];
        IReadOnlyDictionary<string, OnnxTensor> expected = first.Gradients(inputs, weights, variables), actual = last.Gradients(inputs, weights, variables);
        foreach (string variable in variables)
            AssertSame(expected[variable], actual[variable]);
    }

    private static GraphRun Compile(OpCase opCase, bool channelsLast) =>
        new(opCase.ToGraph(), opCase.RuntimeInputs().ToDictionary(i => i.Key, i => i.Value.Shape.ToArray()), float64: false, channelsLast);

    private static void AssertSame(OnnxTensor expected, OnnxTensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        foreach ((double e, double a) in expected.ToDoubles().Zip(actual.ToDoubles()))
            Assert.Equal(e, a, 1e-5 * Math.Max(1, Math.Abs(e)));
    }
}
