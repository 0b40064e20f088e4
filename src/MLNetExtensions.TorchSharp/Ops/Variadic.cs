namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise functions of any number of values with broadcasting: Max, Mean, Min, Sum.</summary>
internal static class Variadic
{
    public static OpRegistration[] Registrations =>
    [
        Of("Max", 13, torch.maximum),
        Of("Min", 13, torch.minimum),
        Of("Sum", 13, (a, b) => a.add(b)),
        new("", "Mean", 13, op =>
        {
            int count = op.Node.Inputs.Count;
            return (inputs, _) =>
            {
                using Tensor sum = Fold(inputs, (a, b) => a.add(b));
                return [sum.div(count)];
            };
        }),
    ];

    private static OpRegistration Of(string opType, int version, Func<Tensor, Tensor, Tensor> function) =>
        new("", opType, version, _ => (inputs, _) => [Fold(inputs, function)]);

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
