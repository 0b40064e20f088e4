namespace MLNetExtensions.Data.Inspection;

/// <summary>A range of sizes in pixels; zeros if no image could be read.</summary>
/// <param name="Smallest">The smallest.</param>
/// <param name="Median">The median.</param>
/// <param name="Largest">The largest.</param>
public readonly record struct SizeRange(int Smallest, int Median, int Largest);
