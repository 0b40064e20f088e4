namespace MLNetExtensions.Training;

/// <summary>The multipliers of a parameter.</summary>
/// <param name="LearningRate">The multiplier of the learning rate.</param>
/// <param name="WeightDecay">The multiplier of the weight decay; 0 for norms and biases.</param>
public readonly record struct ParameterGroup(float LearningRate = 1, float WeightDecay = 1)
{
    /// <summary>
    /// The strength of the pull towards the values that training begins with (L2-SP, arXiv 1802.01483), apart from the update rule: each
    /// update first moves the parameter by the learning rate times this towards them.
    /// </summary>
    /// <value>The default is 0.</value>
    public float StartDecay { get; init; }

    /// <summary>
    /// The number of updates that leave the parameter as it is (gradual unfreezing, arXiv 1801.06146). The update rule sees the first one
    /// after them as its first.
    /// </summary>
    /// <value>The default is 0.</value>
    public long FrozenUpdates { get; init; }
}
