namespace MLNetExtensions.Data.Inspection;

/// <summary>An image of the inspected data.</summary>
/// <param name="Part">The part that it is in.</param>
/// <param name="Row">Its row in that part's view, from 0.</param>
/// <param name="Path">Its file or name; null if there is none.</param>
/// <param name="Label">Its label; null without a label column.</param>
public sealed record ImageReference(string Part, long Row, string? Path, string? Label)
{
    /// <summary>The location of the image.</summary>
    public override string ToString() => Path ?? $"{Part}, row {Row}";
}
