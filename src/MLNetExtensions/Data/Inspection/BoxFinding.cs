namespace MLNetExtensions.Data.Inspection;

/// <summary>A box to look at.</summary>
/// <param name="Image">Its image.</param>
/// <param name="Index">Its place among the boxes of the image, from 0.</param>
/// <param name="Label">Its class.</param>
/// <param name="Reason">The reason to look at it.</param>
public sealed record BoxFinding(ImageReference Image, int Index, string Label, string Reason)
{
    /// <summary>The location of the box, and the reason.</summary>
    public override string ToString() => $"{Image}, box {Index} ({Label}) {Reason}";
}
