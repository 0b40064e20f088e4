namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>An object of an image, and what boxes have to do with it.</summary>
/// <param name="label">Its class.</param>
/// <param name="box">Its box.</param>
internal sealed class ErrorObject(int label, Box box)
{
    public int Class { get; } = label;

    public Box Box { get; } = box;

    /// <summary>True if a box is right about it.</summary>
    public bool IsFound { get; set; }

    /// <summary>The wrong box of the highest score that would find it if it were mended; the others would be duplicates.</summary>
    public ErrorBox? Nearest { get; set; }
}
