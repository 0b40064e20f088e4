using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>What makes a row unlike the training rows; larger scores are further away.</summary>
public abstract record OutlierScore
{
    private protected OutlierScore() { }

    internal abstract void Check(OptionProblems problems);

    /// <summary>Fits the score to training rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="input">The graph's input, Float [batch, length].</param>
    /// <param name="own">Receives the scores of the training rows, each as if it had not been trained on where that makes a difference.</param>
    /// <returns>The score in the graph, Float [batch, 1].</returns>
    internal abstract string Fit(FeatureRows rows, ColumnGraph graph, string input, Span<float> own);
}
