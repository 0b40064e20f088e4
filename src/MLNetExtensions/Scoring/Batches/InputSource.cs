using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>The column that feeds a model's input, and the way it does.</summary>
internal abstract record InputSource
{
    /// <summary>The column's name.</summary>
    public abstract string ColumnName { get; }

    /// <summary>The shape of the column's rows, as the model sees them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public abstract RowShape ShapeIn(DataViewSchema schema);

    /// <summary>Makes the reader of a row's or a cursor's column.</summary>
    public abstract InputReader Open(DataViewRow row);
}

/// <summary>Numbers or texts that are the input as they are.</summary>
/// <param name="ColumnName">The column's name.</param>
/// <param name="Type">The type of the model's input.</param>
/// <param name="Shape">The dimensions of a row, where the column's type does not tell them.</param>
internal sealed record TensorSource(string ColumnName, OnnxElementType Type, IReadOnlyList<int>? Shape) : InputSource
{
    private readonly TensorKind _kind = TensorKind.Of(Type)!;

    public override string ColumnName { get; } = ColumnName;

    public override RowShape ShapeIn(DataViewSchema schema)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(ColumnName) ?? throw MissingColumn.In(schema, "input", ColumnName);
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        if (!item.Equals(_kind.ItemType))
            throw new ArgumentOutOfRangeException(nameof(schema), $"Schema mismatch for input column '{ColumnName}': expected {_kind.ItemType} or a vector of it, got {column.Type}. " +
                "Add Conversion.ConvertType before, or Preprocessing where the column holds images.");
        return new RowShape(ColumnName, Shape ?? column.Type switch
        {
            VectorDataViewType { IsKnownSize: true } known => known.Dimensions,
            VectorDataViewType => null,
            _ => [],
        }, IsExact: Shape is not null);
    }

    public override InputReader Open(DataViewRow row) => new TensorReader(_kind.NewReader(row, row.Schema[ColumnName]));
}

/// <summary>Images that are decoded, resized and written as the model's numbers.</summary>
/// <param name="Image">The column.</param>
/// <param name="Decoder">Makes canvases of the images; it belongs to the engine.</param>
/// <param name="Writer">Writes a canvas into the input.</param>
/// <param name="Preprocessing">The preprocessing by the decoder and the writer.</param>
/// <param name="IsFlat">True if the input may have other dimensions of as many elements.</param>
internal sealed record ImageSource(ImageColumn Image, ImageDecoder Decoder, PixelWriter Writer, ImagePreprocessing Preprocessing, bool IsFlat = false) : InputSource
{
    public override string ColumnName => Image.Name;

    public override RowShape ShapeIn(DataViewSchema schema)
    {
        _ = ImageColumn.Of(schema, Image.Name, Decoder, Image.Folder);
        return new RowShape(ColumnName, Writer.Shape, IsExact: !IsFlat);
    }

    public override InputReader Open(DataViewRow row) => new ImageReader(Image.Reader(row, Decoder), Decoder.CanvasBytes, Writer);
}
