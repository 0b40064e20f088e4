namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>A range of box areas in pixels, both ends included.</summary>
internal readonly record struct AreaRange(double Smallest, double Largest)
{
    public static readonly AreaRange All = new(0, 1e10);
    public static readonly AreaRange Small = new(0, 32 * 32);
    public static readonly AreaRange Medium = new(32 * 32, 96 * 96);
    public static readonly AreaRange Large = new(96 * 96, 1e10);

    public bool Contains(double area) => area >= Smallest && area <= Largest;
}
