namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>How probabilities are calibrated.</summary>
public enum CalibrationMethod
{
    /// <summary>
    /// One temperature for all classes (<see href="https://arxiv.org/abs/1706.04599">arXiv 1706.04599</see>): right from some tens of rows
    /// on; predicted classes stay.
    /// </summary>
    Temperature,

    /// <summary>A factor and an offset for the logit of each class (vector scaling, the same paper): some hundred rows.</summary>
    Vector,

    /// <summary>
    /// A rising curve for the probability of each class, of pieces between the calibration rows (isotonic regression, one class against
    /// the rest; Zadrozny and Elkan, 2002): a thousand rows and more.
    /// </summary>
    Isotonic,
}
