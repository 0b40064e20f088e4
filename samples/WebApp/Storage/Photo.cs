namespace WebAppSample.Storage;

/// <summary>A stored image.</summary>
public sealed class Photo
{
    /// <summary>Its number, also the name of its file.</summary>
    public int Id { get; set; }

    /// <summary>The name that it was uploaded with, to be shown.</summary>
    public required string Name { get; set; }

    /// <summary>The SHA-256 of the uploaded bytes: an image is stored once.</summary>
    public required string Hash { get; set; }

    /// <summary>Its class; null if it has none yet.</summary>
    public string? Label { get; set; }

    /// <summary>The width of the stored file in pixels.</summary>
    public int Width { get; set; }

    /// <summary>The height of the stored file in pixels.</summary>
    public int Height { get; set; }

    /// <summary>The time of the upload (UTC).</summary>
    public DateTime AddedAt { get; set; }
}
