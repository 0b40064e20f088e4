namespace MLNetExtensions.Reports.Pixels;

/// <summary>A row's masks, small, and how wrong they are.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="WrongFraction">The fraction of pixels, of those that count, that is wrong.</param>
/// <param name="Actual">The class of which most pixels are wrong.</param>
/// <param name="Predicted">The class that most of those are taken for.</param>
/// <param name="Truth">The true mask.</param>
/// <param name="Found">The predicted mask.</param>
internal sealed record MaskedRow(int Row, double WrongFraction, int Actual, int Predicted, SmallMask Truth, SmallMask Found);
