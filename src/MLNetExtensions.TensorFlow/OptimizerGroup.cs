using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow;

/// <summary>A range of the flat parameters with the same rule and multipliers.</summary>
internal sealed record OptimizerGroup(long Start, long Length, ParameterRule Rule, IReadOnlyList<ParameterEntry> Parts);
