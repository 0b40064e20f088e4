namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Figures that may not be defined; JSON has no NaN.</summary>
internal static class Defined
{
    public static double? OrNull(double figure) => double.IsNaN(figure) ? null : figure;
}
