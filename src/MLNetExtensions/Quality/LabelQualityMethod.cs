namespace MLNetExtensions.Quality;

/// <summary>How good a row's label is: 0 to 1, lower is worse. Issues are ranked by it.</summary>
public enum LabelQualityMethod
{
    /// <summary>The probability of the given class.</summary>
    SelfConfidence,

    /// <summary>(p of the given class - the largest p of another + 1) / 2.</summary>
    NormalizedMargin,

    /// <summary>1 - entropy / ln(classes): how sure the prediction is. It does not look at the label: it ranks rows that are hard.</summary>
    Certainty,
}
