namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>What makes a class unlikely for a row: the nonconformity score whose quantile decides on sets.</summary>
public enum ConformalMethod
{
    /// <summary>
    /// Least ambiguous sets (Sadinle, Lei and Wasserman, 2019): 1 - p of the class. The smallest sets on average; hard rows may be covered
    /// less than easy ones.
    /// </summary>
    Lac,

    /// <summary>
    /// Adaptive prediction sets (<see href="https://arxiv.org/abs/2006.02544">arXiv 2006.02544</see>): the sum of the probabilities down to
    /// the class. Larger sets where the network is unsure; without <see cref="ConformalSetOptions.Randomized"/> they cover more than
    /// promised.
    /// </summary>
    Aps,

    /// <summary>
    /// Regularized adaptive prediction sets (<see href="https://arxiv.org/abs/2009.14193">arXiv 2009.14193</see>): APS and a penalty for
    /// each class beyond the first ones, which keeps sets small where there are many classes.
    /// </summary>
    Raps,
}
