using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring;

/// <summary>A column of images: images, paths, encoded bytes or pixels, as <see cref="ImageColumnReader"/> reads them.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Folder">The folder that relative paths start from; null for the working folder.</param>
/// <param name="UprightWhenSaved">True if a saved model turns files of a path column upright too, which takes MLNetExtensions.SavedSteps
/// where it is loaded.</param>
internal sealed record ImageColumn(string Name, DataViewType Type, string? Folder, bool UprightWhenSaved = false)
{
    /// <summary>True if the column holds pixels in the form the model expects.</summary>
    public bool IsPixels => Type is VectorDataViewType { IsKnownSize: true };

    /// <summary>Finds the column of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column or it holds no images.</exception>
    public static ImageColumn Of(DataViewSchema schema, string name, ImageDecoder decoder, string? folder, bool uprightWhenSaved = false)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw MissingColumn.In(schema, "input", name);
        ImageColumnReader.CheckType(column, decoder);
        return new ImageColumn(name, column.Type, folder, uprightWhenSaved);
    }

    /// <summary>Checks the column of a schema's shape, which does not tell sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column or it holds no images.</exception>
    public static void Check(SchemaShape shape, string name)
    {
        SchemaShape.Column column = SchemaShapes.Find(shape, name) ?? throw MissingColumn.In(shape, "input", name);
        bool fits = column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => column.ItemType is ImageDataViewType or TextDataViewType,
            SchemaShape.Column.VectorKind.VariableVector => column.ItemType == NumberDataViewType.Byte,
            _ => column.ItemType == NumberDataViewType.Single,
        };
        if (!fits || column.IsKey)
            throw new ArgumentOutOfRangeException(
                nameof(shape),
                $"Schema mismatch for input column '{name}': expected Image, Text (the path of "
                    + $"an image file), Vector<Byte> of unknown size (an encoded image) or Vector<Single> of known size "
                    + $"(ExtractPixels), got {column.Kind} of {column.ItemType}"
            );
    }

    /// <summary>Makes the column's reader.</summary>
    public ImageColumnReader Reader(DataViewRow row, ImageDecoder decoder) =>
        ImageColumnReader.Create(row, row.Schema[Name], decoder, Folder);
}
