using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>One row on its way from the data view to the consumer. A worker fills it, then sets <see cref="Done"/>.</summary>
internal sealed class RowSlot(int canvasBytes, int labelValues = 0) : IWorkSlot
{
    /// <summary>An encoded image, read straight from the data view.</summary>
    public VBuffer<byte> Encoded;

    /// <summary>The data view's identity of the row, the same in every cursor.</summary>
    public DataViewRowId Id;

    public byte[] Canvas { get; } = GC.AllocateUninitializedArray<byte>(canvasBytes);

    public ManualResetEventSlim Done { get; } = new();

    public long Row { get; set; }

    /// <summary>The row's class, from 0; -1 without one.</summary>
    public int Label { get; set; }

    /// <summary>The row's label where it is no class.</summary>
    public float[] LabelValues { get; } = new float[labelValues];

    /// <summary>True to read the row's image; false to read only its label.</summary>
    public bool HasImage { get; set; } = true;

    public string Path { get; set; } = "";

    /// <summary>The image's key in a cache of decoded images; null if it has not been looked up.</summary>
    public DecodedImageCache.Key? Key { get; set; }

    /// <summary>The size of the image as it was, upright; nothing where the column does not tell.</summary>
    public ImageSize Source { get; set; }

    /// <summary>The problem with this row's image, if any.</summary>
    public InvalidImageException? Bad { get; set; }

    /// <summary>The error that ended reading at this row, if any.</summary>
    public Exception? Failure { get; set; }

    /// <summary>True if there is no such row: the data view ended before it.</summary>
    public bool IsEnd { get; set; }

    public void Dispose() => Done.Dispose();
}
