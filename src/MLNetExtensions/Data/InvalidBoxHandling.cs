namespace MLNetExtensions.Data;

/// <summary>
/// The handling of boxes that cannot be right: not finite, inverted, without an area, or reaching more than a pixel over the image's edge.
/// </summary>
public enum InvalidBoxHandling
{
    /// <summary>An error that names the first such box, and counts the others.</summary>
    Refuse,

    /// <summary>Boxes are cut at the image's edge; those of which nothing is left are left out. A warning counts both.</summary>
    Clip,

    /// <summary>Such boxes are left out. A warning counts them.</summary>
    Skip,
}
