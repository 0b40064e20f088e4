using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The trainable part of a network: small in binary and quantized ones, as no gradient passes a sign or an integer.</summary>
/// <param name="Trainable">The number of weights that a gradient reaches.</param>
/// <param name="All">The number of all weights.</param>
/// <param name="Stops">The operators that gradients do not pass on their way to the others.</param>
internal sealed record TrainableFraction(long Trainable, long All, IReadOnlyList<string> Stops)
{
    // Below this it is another training than was asked for.
    private const double Usual = 0.9;

    /// <summary>A warning for the user; null if the fraction is as expected.</summary>
    public string? Problem =>
        All == 0 || Trainable >= Usual * All
            ? null
            : $"Only {Trainable:N0} of the backbone's {All:N0} weights ({100.0 * Trainable / All:F1} %) can be trained: gradients do "
                + $"not pass "
                + $"{string.Join(", ", Stops)}. The others stay as they are. Start from the float model that this one was made of, or "
                + $"train the head alone.";

    /// <summary>
    /// True if a tensor holds a layer's weights, as floats or quantized. Scales, shapes, tables of one dimension and tensors added by
    /// preprocessing do not count.
    /// </summary>
    public static bool IsWeight(OnnxTensor tensor) =>
        tensor.Shape.Count(size => size > 1) > 1
        && !StepList.IsAdded(tensor.Name)
        && tensor.ElementType is not (OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Bool or OnnxElementType.String);

    public static TrainableFraction Of(OnnxGraph network)
    {
        HashSet<string> parameters = [.. ParameterAnalysis.FindParameters(network).Select(p => p.Name)];
        HashSet<string> state = [.. ParameterAnalysis.FindState(network).Select(p => p.Name)];
        HashSet<string> reached = ParameterAnalysis.DifferentiableValues(network);
        ILookup<string, OnnxNode> readers = network
            .Nodes.SelectMany(n => InnerGraphs.Reads(n).Select(i => (i, n)))
            .ToLookup(r => r.i, r => r.n);
        long trainable = 0,
            all = 0;
        var stops = new SortedSet<string>(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in network.Initializers.Values)
        {
            if (!IsWeight(tensor) || state.Contains(tensor.Name))
                continue;
            all += tensor.Count;
            if (parameters.Contains(tensor.Name))
                trainable += tensor.Count;
            else
                Follow(tensor.Name, tensor.ElementType.IsFloatingPoint);
        }
        return new TrainableFraction(trainable, all, [.. stops]);

        void Follow(string weight, bool isFloat)
        {
            var seen = new HashSet<string>();
            var open = new Queue<string>([weight]);
            while (open.TryDequeue(out string? value))
            {
                if (!seen.Add(value))
                    continue;
                foreach (OnnxNode reader in readers[value])
                {
                    if (!isFloat || (reader.Outputs.Any(reached.Contains) && !DifferentiableInputs.Of(reader).Contains(value)))
                        stops.Add(reader.OpType);
                    else
                        foreach (string output in reader.Outputs)
                            open.Enqueue(output);
                }
            }
        }
    }
}
