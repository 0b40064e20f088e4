namespace MLNetExtensions.Trainers;

/// <summary>The prediction task of a network. It determines the label's type, the loss, and the output columns.</summary>
public enum ImageTask
{
    /// <summary>
    /// One of several classes. Label: a key. Output: a probability for each class, and the most probable one, a key.
    /// <c>ml.MulticlassClassification.Evaluate</c> measures it.
    /// </summary>
    Classification,

    /// <summary>
    /// Any number of labels at once. Label: a vector of Boolean, or of Single (0, 1, or a probability between). Output: a probability for
    /// each label, and a vector of Boolean: true above one half.
    /// </summary>
    MultiLabel,

    /// <summary>A number. Label: Single. Output: Single. <c>ml.Regression.Evaluate</c> measures it.</summary>
    Regression,

    /// <summary>
    /// One of several ordered levels, such as grades: being off by two is worse than being off by one. Label: a key whose values are in
    /// that order (<c>MapValueToKey</c> with <c>keyOrdinality: ByValue</c>, or with given key data). Output: a probability for each level,
    /// and the most probable one, a key. <c>ml.MulticlassClassification.Evaluate</c> measures it.
    /// </summary>
    Ordinal,
}
