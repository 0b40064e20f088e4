namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise functions of any number of values with broadcasting: Max, Mean, Min, Sum.</summary>
internal static class Variadic
{
    public static OpRegistration[] Registrations =>
        [
            Of("Max", torch.maximum),
            Of("Min", torch.minimum),
            Of("Sum", (a, b) => a.add(b)),
            new(
                "Mean",
                op =>
                {
                    int count = op.Node.Inputs.Count;
                    return (inputs, _) =>
                    {
                        using Tensor sum = Fold(inputs, (a, b) => a.add(b));
                        return [sum.div(count)];
                    };
                }
            ),
        ];

    private static OpRegistration Of(string opType, Func<Tensor, Tensor, Tensor> function) =>
        new(opType, _ => (inputs, _) => [Fold(inputs, function)]);

    private static Tensor Fold(Tensor?[] inputs, Func<Tensor, Tensor, Tensor> function)
    {
        Tensor result = inputs[0]!.alias();
        foreach (Tensor? next in inputs.AsSpan(1))
        {
            using Tensor previous = result;
            result = function(previous, next!);
        }
        return result;
    }
}
