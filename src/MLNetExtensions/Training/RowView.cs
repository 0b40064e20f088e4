namespace MLNetExtensions.Training;

/// <summary>The special numbers of a row's view, besides the epochs.</summary>
internal static class RowView
{
    /// <summary>The row without augmentation.</summary>
    public const int Plain = -1;
}
