using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Ops;

/// <summary>One node with its inputs: a row of the tables that <see cref="OpTests"/> runs.</summary>
internal sealed record OpCase(string Name, string OpType, OpInput[] Inputs, params OnnxAttribute[] Attributes)
{
    /// <summary>The number of outputs that are asked for.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>The largest difference from ONNX Runtime, relative to the largest value of the output where that is above 1.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>The node alone in a graph; inputs that are no constants are graph inputs.</summary>
    public OnnxGraph ToGraph() =>
        new()
        {
            IrVersion = 10,
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs =
            [
                .. Given
                    .Where(i => !i.Input.IsConstant)
                    .Select(i => OnnxValue.Create(i.Name, i.Input.Tensor!.ElementType, [.. i.Input.Tensor.Shape])),
            ],
            Outputs = [.. OutputNames.Select((name, i) => new OnnxValue(name, OutputType(i), null))],
            Nodes =
            [
                OnnxNode.Create(
                    OpType,
                    [.. Inputs.Select((input, i) => input.Tensor is null ? "" : NameOf(i))],
                    [.. OutputNames],
                    Attributes
                ),
            ],
            Initializers = Given.Where(i => i.Input.IsConstant).ToDictionary(i => i.Name, i => i.Input.Tensor!.Rename(i.Name)),
        };

    /// <summary>The inputs that are not absent, with their names.</summary>
    public IEnumerable<(string Name, OpInput Input)> Given =>
        Inputs.Select((input, i) => (NameOf(i), input)).Where(i => i.input.Tensor is not null);

    /// <summary>The values of the graph's inputs.</summary>
    public Dictionary<string, OnnxTensor> RuntimeInputs() =>
        Given.Where(i => !i.Input.IsConstant).ToDictionary(i => i.Name, i => i.Input.Tensor!);

    public static bool IsDifferentiable(OpInput input) => input is { IsConstant: false, Tensor.ElementType: OnnxElementType.Float };

    public override string ToString() => Name;

    private IEnumerable<string> OutputNames => Enumerable.Range(0, Outputs).Select(i => $"out{i}");

    private OnnxElementType OutputType(int index) =>
        OpType switch
        {
            "And" or "Or" or "Xor" or "Not" or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "IsInf" or "IsNaN" =>
                OnnxElementType.Bool,
            "ArgMax" or "ArgMin" => OnnxElementType.Int64,
            "MaxPool" or "TopK" when index == 1 => OnnxElementType.Int64,
            "Cast" => (OnnxElementType)(long)Attributes.Single(a => a.Name == "to").Value!,
            "OneHot" => Inputs[2].Tensor!.ElementType,
            "Where" => Inputs[1].Tensor!.ElementType,
            _ => Inputs[0].Tensor!.ElementType,
        };

    private static string NameOf(int index) => $"in{index}";
}

/// <summary>An input of a case: given at run time (and differentiable if it holds floats), a constant, or absent.</summary>
internal sealed record OpInput(OnnxTensor? Tensor, bool IsConstant)
{
    public static readonly OpInput Absent = new(null, false);

    /// <summary>The same input as an initializer.</summary>
    public OpInput AsConstant() => new(Tensor, true);

    /// <summary>Floats drawn evenly from [-1, 1), the same for the same shape.</summary>
    public static OpInput Floats(params long[] shape) => Range(-1, 1, shape);

    /// <summary>Floats drawn evenly from [low, high).</summary>
    public static OpInput Range(double low, double high, params long[] shape)
    {
        var random = new Random(shape.Aggregate(17, (seed, size) => (seed * 31) + (int)size));
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(low + ((high - low) * random.NextDouble()));
        return new OpInput(OnnxTensor.FromFloats("", shape, values), false);
    }

    /// <summary>Integers given at run time.</summary>
    public static OpInput Int64s(long[] shape, params long[] values) => new(OnnxTensor.FromInt64s("", shape, values), false);

    /// <summary>Truth values given at run time.</summary>
    public static OpInput Bools(long[] shape, params bool[] values) =>
        new(OnnxTensor.FromArray("", OnnxElementType.Bool, shape, values), false);

    /// <summary>A constant list of integers, such as axes.</summary>
    public static OpInput Constant(params long[] values) => new(OnnxTensor.FromInt64s("", [values.Length], values), true);

    /// <summary>A constant integer without dimensions.</summary>
    public static OpInput Scalar(long value) => new(OnnxTensor.FromInt64s("", [], [value]), true);

    /// <summary>A constant float without dimensions.</summary>
    public static OpInput Scalar(float value) => new(OnnxTensor.FromFloats("", [], [value]), true);

    /// <summary>A constant list of floats, such as scales.</summary>
    public static OpInput Constant(params float[] values) => new(OnnxTensor.FromFloats("", [values.Length], values), true);
}
