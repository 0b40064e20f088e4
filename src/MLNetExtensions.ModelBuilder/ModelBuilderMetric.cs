namespace MLNetExtensions.ModelBuilder;

/// <summary>The metric that Model Builder shows for an image project, measured on the validation images.</summary>
public enum ModelBuilderMetric
{
    /// <summary>The fraction of images that are classified correctly, 0 to 1. Model Builder's default.</summary>
    MicroAccuracy,

    /// <summary>The mean of the classes' accuracies, 0 to 1. Training then gives each class the same total weight.</summary>
    MacroAccuracy,

    /// <summary>The mean negative logarithm of the true class's probability; smaller is better.</summary>
    LogLoss,

    /// <summary>The fraction by which the log-loss is below that of always predicting the classes' frequencies; 1 is best.</summary>
    LogLossReduction,
}
