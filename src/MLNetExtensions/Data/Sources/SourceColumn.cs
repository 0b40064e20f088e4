using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>A column of a <see cref="SourceView"/>.</summary>
internal abstract class SourceColumn(string name, DataViewType type)
{
    public const string ImagePath = "ImagePath", Image = "Image", Label = "Label";

    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    /// <summary>The annotations of the column; null for none.</summary>
    public DataViewSchema.Annotations? Annotations { get; init; }

    /// <summary>Makes the <see cref="ValueGetter{TValue}"/> of one cursor.</summary>
    public abstract Delegate Getter(SourceCursor cursor);
}

/// <summary>Texts that are at hand.</summary>
internal sealed class TextColumn(string name, Func<int, string> valueOf) : SourceColumn(name, TextDataViewType.Instance)
{
    public override Delegate Getter(SourceCursor cursor) =>
        (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = valueOf(cursor.Row).AsMemory());
}

/// <summary>Encoded images, each read when it is asked for.</summary>
internal sealed class EncodedColumn(string name, IImageStore store)
    : SourceColumn(name, new VectorDataViewType(NumberDataViewType.Byte))
{
    public override Delegate Getter(SourceCursor cursor)
    {
        IImageReader reader = cursor.Own(store.Open());
        return (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) => reader.Read(cursor.Row, ref value));
    }
}

/// <summary>The storage of encoded images.</summary>
internal interface IImageStore
{
    /// <summary>Makes a reader for one cursor; readers work side by side.</summary>
    IImageReader Open();
}

/// <summary>Reads encoded images. Not thread-safe.</summary>
internal interface IImageReader : IDisposable
{
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    void Read(int row, ref VBuffer<byte> encoded);
}
