namespace MLNetExtensions.Data.Sources;

/// <summary>The storage of encoded images.</summary>
internal interface IImageStore
{
    /// <summary>Makes a reader for one cursor; readers work side by side.</summary>
    IImageReader Open();
}
