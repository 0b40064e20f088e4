using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;

namespace MLNetExtensions.Training;

/// <summary>Presets for the multipliers of parameters, <c>ParameterGroups</c> of the trainers' options.</summary>
public static class ParameterGroupPresets
{
    /// <summary>
    /// Applies weight decay to weights only: 0 for biases and the parameters of norms, which have one dimension, or only one that is larger
    /// than 1 (a bias as [1, C, 1, 1]). A layer's matrix counts as a weight even if it has one row.
    /// </summary>
    /// <param name="graph">The network.</param>
    public static Dictionary<string, ParameterGroup> NoWeightDecayOnBiasAndNorm(OnnxGraph graph) =>
        ParameterAnalysis
            .FindParameters(graph)
            .Where(p => p.Shape.Count == 1 || (p.Shape.Count > 2 && p.Shape.Count(size => size > 1) <= 1))
            .ToDictionary(p => p.Name, _ => new ParameterGroup(1, 0));
}
