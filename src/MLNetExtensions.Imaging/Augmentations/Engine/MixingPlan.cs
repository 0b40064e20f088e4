namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>The draw of a row that may be mixed with others.</summary>
/// <param name="Key">The key of what else is drawn.</param>
/// <param name="Rows">The rows to mix it with; none where it is not mixed.</param>
internal readonly record struct MixingPlan(DrawKey Key, IReadOnlyList<long> Rows)
{
    /// <summary>True if the row is mixed.</summary>
    public bool IsMixed => Rows.Count > 0;
}
