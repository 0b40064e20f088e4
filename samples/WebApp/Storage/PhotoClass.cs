namespace WebAppSample.Storage;

/// <summary>A class that images are labeled with.</summary>
public sealed class PhotoClass
{
    /// <summary>Its name.</summary>
    public required string Name { get; set; }

    /// <summary>Its place in the list, which is its key on the labeling page.</summary>
    public int Position { get; set; }
}
