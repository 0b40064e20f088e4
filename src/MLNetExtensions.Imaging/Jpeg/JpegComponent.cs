namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>One color component of a JPEG file.</summary>
internal sealed class JpegComponent
{
    public byte Id { get; set; }

    /// <summary>Blocks a MCU across.</summary>
    public int Horizontal { get; set; }

    /// <summary>Blocks a MCU down.</summary>
    public int Vertical { get; set; }

    public int QuantizationTable { get; set; }

    public JpegHuffmanTable Dc { get; set; } = new();

    public JpegHuffmanTable Ac { get; set; } = new();

    /// <summary>The DC value of the block before.</summary>
    public int LastDc { get; set; }
}
