namespace MLNetExtensions.Imaging.Decoding;

/// <summary>The kinds of files that images are written in.</summary>
public enum ImageFileFormat
{
    /// <summary>PNG: pixels as they are.</summary>
    Png,

    /// <summary>JPEG: small, close to the pixels; without alpha.</summary>
    Jpeg,

    /// <summary>WebP: smaller, close to the pixels; as they are at the quality 100.</summary>
    WebP,
}
