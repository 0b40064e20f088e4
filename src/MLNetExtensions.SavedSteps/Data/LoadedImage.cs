using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>The output row of the mappings. ML.NET passes the same object for each row.</summary>
internal sealed class LoadedImage
{
    public const string ColumnName = "mlnetx.Image";

    [ColumnName(ColumnName)]
    [AnySizeImage]
    public MLImage? Image { get; set; }

    /// <summary>Frees the previous row's pixels at once instead of at the next garbage collection.</summary>
    public void Clear()
    {
        Image?.Dispose();
        Image = null;
    }
}
