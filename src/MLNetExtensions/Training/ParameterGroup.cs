namespace MLNetExtensions.Training;

/// <summary>The multipliers of a parameter.</summary>
/// <param name="LearningRate">The multiplier of the learning rate.</param>
/// <param name="WeightDecay">The multiplier of the weight decay; 0 for norms and biases.</param>
public readonly record struct ParameterGroup(float LearningRate = 1, float WeightDecay = 1);
