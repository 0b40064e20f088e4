using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Images that are decoded, resized and written as the model's numbers.</summary>
/// <param name="Image">The column.</param>
/// <param name="Decoder">Makes canvases of the images; it belongs to the engine.</param>
/// <param name="Writer">Writes a canvas into the input.</param>
/// <param name="Preprocessing">The preprocessing by the decoder and the writer.</param>
/// <param name="IsFlat">True if the input may have other dimensions of as many elements.</param>
internal sealed record ImageSource(
    ImageColumn Image,
    ImageDecoder Decoder,
    PixelWriter Writer,
    ImagePreprocessing Preprocessing,
    bool IsFlat = false
) : InputSource
{
    public override string ColumnName => Image.Name;

    public override RowShape ShapeIn(DataViewSchema schema)
    {
        _ = ImageColumn.Of(schema, Image.Name, Decoder, Image.Folder);
        return new RowShape(ColumnName, Writer.Shape, IsExact: !IsFlat);
    }

    public override InputReader Open(DataViewRow row) => new ImageReader(Image.Reader(row, Decoder), Decoder.CanvasBytes, Writer);
}
