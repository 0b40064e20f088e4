namespace MLNetExtensions.Quality;

/// <summary>Which rows confident learning (<see href="https://arxiv.org/abs/1911.00068">arXiv 1911.00068</see>) takes for mislabeled.</summary>
public enum LabelErrorFilter
{
    /// <summary>
    /// For each pair of a given and another class as many rows as the joint distribution counts, those with the largest margin of the
    /// other class.
    /// </summary>
    PruneByNoiseRate,

    /// <summary>For each given class as many rows as the joint distribution counts beside its diagonal, those least probable.</summary>
    PruneByClass,

    /// <summary>The rows that <see cref="PruneByNoiseRate"/> and <see cref="PruneByClass"/> both take: fewer and surer.</summary>
    Both,

    /// <summary>The rows that are counted beside the diagonal: another class is above its own threshold and most probable.</summary>
    ConfidentLearning,

    /// <summary>The rows whose most probable class is another one than the given.</summary>
    PredictedDiffers,
}
