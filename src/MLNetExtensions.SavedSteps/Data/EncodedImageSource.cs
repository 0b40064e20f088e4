using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>A row with an encoded image.</summary>
internal sealed class EncodedImageSource
{
    public const string ColumnName = "mlnetx.EncodedImage";

    [ColumnName(ColumnName)]
    public VBuffer<byte> Encoded { get; set; }
}
