using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>Makes values between a model's nodes outputs of it.</summary>
internal static class InnerValues
{
    /// <exception cref="ArgumentOutOfRangeException">The model has no such value.</exception>
    public static OnnxModelSource AsOutputs(OnnxSession session, IReadOnlyList<string> names)
    {
        OnnxGraph graph = session.Source.ReadGraph();
        HashSet<string> values = [.. graph.Nodes.SelectMany(n => n.Outputs)];
        if (names.FirstOrDefault(name => !values.Contains(name)) is { } missing)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Outputs),
                $"The model {session.Source.Name} has no output and no inner value '{missing}'; "
                    + $"its outputs are {string.Join("; ", session.OutputSpecs)}."
            );
        return OnnxModelSource.OfGraph(
            graph with
            {
                // ONNX Runtime finds out types and shapes.
                Outputs =
                [
                    .. graph.Outputs,
                    .. names.Select(name =>
                        graph.ValueInfos.FirstOrDefault(v => v.Name == name) ?? new OnnxValue(name, OnnxElementType.Undefined, null)
                    ),
                ],
            },
            session.Source.Name
        );
    }
}
