using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity.Neighbors;

/// <summary>Settings of <see cref="NearestNeighborEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class NearestNeighborOptions
{
    /// <summary>The column with the class, a key.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column of features, a vector of Single of known size.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The output column with a probability for each class.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>The output column with the most probable class.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; set; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The number of neighbors that vote, at least 1; all rows if there are fewer.</summary>
    /// <value>The default is 10.</value>
    public int Neighbors { get; set; } = 10;

    /// <summary>
    /// How much nearer neighbors count more: a vote is exp(cosine / temperature), above 0. Infinity for equal votes.
    /// </summary>
    /// <value>The default is 0.07, that of arXiv 1805.01978.</value>
    public float Temperature { get; set; } = 0.07f;

    internal NearestNeighborOptions Clone() => (NearestNeighborOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(FeatureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabelColumnName);
        var problems = new OptionProblems();
        problems.Check(Neighbors >= 1, nameof(Neighbors), Neighbors, "at least 1");
        problems.Check(Temperature > 0, nameof(Temperature), Temperature, "above 0");
        problems.Throw();
    }
}
