namespace MLNetExtensions.Training.Metrics;

/// <summary>The weights of confusions between two classes in Cohen's kappa.</summary>
public enum KappaWeights
{
    /// <summary>All confusions have the same weight.</summary>
    None,

    /// <summary>For ordered classes: the weight is the distance of the classes.</summary>
    Linear,

    /// <summary>For ordered classes: the weight is the squared distance of the classes.</summary>
    Quadratic,
}
