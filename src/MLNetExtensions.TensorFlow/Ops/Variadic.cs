namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Element-wise functions of any number of values with broadcasting: Max, Mean, Min, Sum.</summary>
internal static class Variadic
{
    public static OpRegistration[] Registrations =>
        [
            Of("Max", (g, x) => x.Aggregate(g.Maximum)),
            Of("Min", (g, x) => x.Aggregate(g.Minimum)),
            Of("Sum", (_, x) => x.Aggregate((a, b) => a + b)),
            Of("Mean", (_, x) => x.Aggregate((a, b) => a + b) / x.Length),
        ];

    private static OpRegistration Of(string opType, Func<TensorFlowGraph, Symbol[], Symbol> function) =>
        new(
            opType,
            op =>
            {
                Symbol[] x = [.. op.SameLayout(out bool last).Select(op.ToFloat32)];
                return [new OpResult(function(op.Graph, x), last)];
            }
        );
}
