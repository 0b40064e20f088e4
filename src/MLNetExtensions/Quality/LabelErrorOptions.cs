using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Quality;

/// <summary>
/// The options of <see cref="Microsoft.ML.LabelErrorCatalog.FindLabelErrors"/>. One of <see cref="Backbone"/>, <see cref="FeatureColumnName"/>
/// and <see cref="ScoreColumnName"/> is required.
/// </summary>
public sealed class LabelErrorOptions
{
    /// <summary>The pretrained network whose frozen features heads are trained on.</summary>
    public Backbone? Backbone { get; set; }

    /// <summary>The column of images, for <see cref="Backbone"/>; if it holds paths, issues have them.</summary>
    /// <value>The default is <c>ImagePath</c>.</value>
    public string ImageColumnName { get; set; } = DefaultColumnNames.ImagePath;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>A column of features that is there already, a vector of Single.</summary>
    public string? FeatureColumnName { get; set; }

    /// <summary>
    /// A column with a probability for each class, by models that were not trained on the row (from folds, or of another data set). With
    /// scores of a model that was trained on these labels hardly any error is found.
    /// </summary>
    public string? ScoreColumnName { get; set; }

    /// <summary>The column of labels, a key.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The number of parts, each predicted by a head that was trained on the others; at least 2.</summary>
    /// <value>The default is 5.</value>
    public int Folds { get; set; } = 5;

    /// <summary>Which rows are issues.</summary>
    /// <value>The default is <see cref="LabelErrorFilter.PruneByNoiseRate"/>.</value>
    public LabelErrorFilter Filter { get; set; } = LabelErrorFilter.PruneByNoiseRate;

    /// <summary>What issues are ranked by.</summary>
    /// <value>The default is <see cref="LabelQualityMethod.SelfConfidence"/>.</value>
    public LabelQualityMethod Ranking { get; set; } = LabelQualityMethod.SelfConfidence;

    /// <summary>The penalty on squared weights of the heads, as that of scikit-learn's LogisticRegression with C = 1 / penalty; 0 or more.</summary>
    /// <value>The default is 1.</value>
    public double L2Regularization { get; set; } = 1;

    /// <summary>The seed of the folds.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Ends the search with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal LabelErrorOptions Clone() => (LabelErrorOptions)MemberwiseClone();

    internal void Validate()
    {
        var problems = new OptionProblems();
        int sources = new object?[] { Backbone, FeatureColumnName, ScoreColumnName }.Count(source => source is not null);
        problems.Require(sources > 0, nameof(Backbone), "Set Backbone, FeatureColumnName or ScoreColumnName.");
        problems.Check(
            sources <= 1,
            nameof(Backbone),
            sources,
            $"the only source: set one of {nameof(Backbone)}, {nameof(FeatureColumnName)} and {nameof(ScoreColumnName)}"
        );
        problems.Check(Folds >= 2, nameof(Folds), Folds, "at least 2");
        problems.Check(Enum.IsDefined(Filter), nameof(Filter), Filter, $"one of {string.Join(", ", Enum.GetNames<LabelErrorFilter>())}");
        problems.Check(
            Enum.IsDefined(Ranking),
            nameof(Ranking),
            Ranking,
            $"one of {string.Join(", ", Enum.GetNames<LabelQualityMethod>())}"
        );
        problems.Check(L2Regularization >= 0 && double.IsFinite(L2Regularization), nameof(L2Regularization), L2Regularization, "0 or more");
        problems.Throw();
    }
}
