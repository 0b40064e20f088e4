using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Soups;

/// <summary>A model whose weights are the mean of several models' weights.</summary>
/// <param name="Model">The mean. It scores at the cost of one model.</param>
/// <param name="Members">The places of the models in it, in the order they were added.</param>
/// <param name="Score">Its score on the rows that chose the members.</param>
/// <param name="Scores">The scores of the models alone, in their order.</param>
public sealed record ModelSoup(OnnxGraph Model, IReadOnlyList<int> Members, double Score, IReadOnlyList<double> Scores);
