namespace MLNetExtensions.Reports.Content;

/// <summary>Numbers as JSON can have them.</summary>
internal static class Finite
{
    /// <summary>The number; null if it is infinite or none.</summary>
    public static double? OrNull(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
