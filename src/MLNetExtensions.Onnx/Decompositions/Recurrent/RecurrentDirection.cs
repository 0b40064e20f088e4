using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.Recurrent;

/// <summary>One direction of a recurrent layer, ready to be unrolled over its steps. All tensors are matrices.</summary>
internal sealed record RecurrentDirection
{
    public required SubgraphBuilder Build { get; init; }

    /// <summary>All steps, one below the other: [steps * batch, features].</summary>
    public required string X { get; init; }

    /// <summary>[gates * hidden, features].</summary>
    public required string W { get; init; }

    /// <summary>[gates * hidden, hidden].</summary>
    public required string R { get; init; }

    /// <summary>Added to what W makes, [gates * hidden]; null is none.</summary>
    public string? InputBias { get; init; }

    /// <summary>Added to what R makes; null is none.</summary>
    public string? RecurrentBias { get; init; }

    /// <summary>The weights of an LSTM's cell in its gates, [3 * hidden]; null is none.</summary>
    public string? Peepholes { get; init; }

    /// <summary>The state before the first step, [batch, hidden].</summary>
    public required string Hidden { get; init; }

    /// <summary>The same as <see cref="Hidden"/>, for an LSTM's cell.</summary>
    public required string Cell { get; init; }

    public required string[] Activations { get; init; }

    public required long Steps { get; init; }

    public required long HiddenSize { get; init; }

    public required bool IsReverse { get; init; }

    /// <summary>Both biases in one.</summary>
    public string? SumBiases() =>
        InputBias is null || RecurrentBias is null ? InputBias ?? RecurrentBias : Build.Add("Add", [InputBias, RecurrentBias]);

    /// <summary>x * weight^T + bias, in one Gemm.</summary>
    public string Linear(string x, string weight, string? bias) =>
        Build.Add("Gemm", bias is null ? [x, weight] : [x, weight, bias], OnnxAttribute.Of("transB", 1));

    /// <summary>Cuts a matrix of all steps into those of each step, in the order in which they are computed.</summary>
    public IReadOnlyList<string> InOrder(string sequence)
    {
        if (Steps == 1)
            return [sequence];
        string[] steps = Cut(sequence, 0, [.. Enumerable.Repeat(Build.Shape(sequence)[0] / Steps, (int)Steps)]);
        return IsReverse ? [.. Enumerable.Reverse(steps)] : steps;
    }

    /// <summary>Cuts a value into parts of given sizes.</summary>
    public string[] Cut(string value, int axis, params long[] sizes) =>
        Build.AddMany(sizes.Length, "Split", [value, Build.Ints(sizes)], OnnxAttribute.Of("axis", axis));
}
