using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;

namespace MLNetExtensions.Training;

/// <summary>The parameters that a session's options train.</summary>
internal static class TrainableParameters
{
    /// <summary>Finds them, and checks every name in the options.</summary>
    /// <exception cref="ArgumentException">A name is not a parameter of the graph.</exception>
    /// <exception cref="NotSupportedException">One is not of 32-bit floats.</exception>
    public static OnnxTensor[] Find(OnnxGraph graph, TrainingSessionOptions options)
    {
        IReadOnlyList<OnnxTensor> parameters = ParameterAnalysis.FindParameters(graph);
        if (options.TrainableParameters is not null)
            CheckNames(options.TrainableParameters, nameof(options.TrainableParameters));
        CheckNames(options.ParameterGroups.Keys, nameof(options.ParameterGroups));
        OnnxTensor[] trainable = [.. parameters.Where(p => options.TrainableParameters?.Contains(p.Name) ?? true)];
        return Array.Find(trainable, p => p.ElementType != OnnxElementType.Float) is { } other
            ? throw new NotSupportedException(
                $"Parameter {other} cannot be trained: only 32-bit float parameters can. Convert the model to float32."
            )
            : trainable;

        void CheckNames(IEnumerable<string> names, string option)
        {
            string[] unknown = [.. names.Except(parameters.Select(p => p.Name))];
            if (unknown.Length > 0)
                throw new ArgumentException(
                    $"{option} names {string.Join(", ", unknown.Select(n => $"'{n}'"))}, which no parameter of the graph has. "
                        + $"Its {parameters.Count} parameters are: "
                        + $"{string.Join(", ", parameters.Take(20).Select(p => p.Name))}{(parameters.Count > 20 ? ", ..." : "")}."
                );
        }
    }
}
