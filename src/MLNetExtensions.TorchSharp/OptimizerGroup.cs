using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp;

/// <summary>A range of the flat parameter tensor whose parameters have the same rule and multipliers.</summary>
internal sealed record OptimizerGroup(long Start, long Length, ParameterRule Rule, IReadOnlyList<ParameterPart> Parts);
