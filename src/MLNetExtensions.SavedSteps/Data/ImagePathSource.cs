using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>A row with the path of an image file.</summary>
internal sealed class ImagePathSource
{
    public const string ColumnName = "mlnetx.ImagePath";

    [ColumnName(ColumnName)]
    public ReadOnlyMemory<char> Path { get; set; }
}
