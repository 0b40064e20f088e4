namespace MLNetExtensions.Reports.Content;

/// <summary>What a model would reach that does not look at images.</summary>
/// <param name="Class">The most frequent class, which it always answers.</param>
/// <param name="Accuracy">The fraction of rows of that class.</param>
/// <param name="BalancedAccuracy">1 / number of classes that have rows.</param>
/// <param name="MacroF1">F1, averaged over the classes that have rows.</param>
/// <param name="LogLoss">The log-loss of the classes' frequencies as probabilities.</param>
internal sealed record ClassBaselineContent(string Class, double Accuracy, double BalancedAccuracy, double MacroF1, double LogLoss);
