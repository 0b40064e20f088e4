using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data;

/// <summary>
/// Loads images, upright, from a column of paths or of encoded bytes; <see cref="ImageDecodingCatalog.DecodeImages"/> makes it.
/// </summary>
/// <remarks>
/// The input column is text (paths) or a vector of bytes of unknown size (encoded images). The output column is an image of unknown size.
/// A saved model needs the package MLNetExtensions.SavedSteps where it is loaded. Exportable to ONNX: no.
/// </remarks>
public sealed class ImageLoadingEstimator : IEstimator<ITransformer>
{
    private readonly MLContext _context;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;

    internal ImageLoadingEstimator(MLContext context, string outputColumnName, string inputColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        (_context, _outputColumnName, _inputColumnName) = (context, outputColumnName, inputColumnName);
    }

    /// <summary>Creates the transformer; nothing is learned and no image is read.</summary>
    /// <param name="input">A view with the input column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public ITransformer Fit(IDataView input)
    {
        DataViewSchema.Column column =
            input.Schema.GetColumnOrNull(_inputColumnName) ?? throw MissingColumn.In(input.Schema, "input", _inputColumnName);
        return Chain(
                column.Type switch
                {
                    TextDataViewType => true,
                    VectorDataViewType { IsKnownSize: false } vector when vector.ItemType == NumberDataViewType.Byte => false,
                    _ => throw Mismatch($"{column.Type}"),
                }
            )
            .Fit(input);
    }

    /// <summary>Adds the output column to a schema.</summary>
    /// <param name="inputSchema">A schema with the input column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (SchemaShape.Column column in inputSchema)
        {
            if (column.Name != _inputColumnName)
                continue;
            bool isPath = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is TextDataViewType;
            if (!isPath && (column.Kind != SchemaShape.Column.VectorKind.VariableVector || column.ItemType != NumberDataViewType.Byte))
                throw Mismatch($"{column.Kind} of {column.ItemType}");
            return Chain(isPath).GetOutputSchema(inputSchema);
        }
        throw MissingColumn.In(inputSchema, "input", _inputColumnName);
    }

    // A saved custom mapping forgets the names of its columns, so they are fixed, and standard transformers bring the user's there and
    // back.
    private EstimatorChain<ITransformer> Chain(bool isPath)
    {
        string source = isPath ? ImagePathSource.ColumnName : EncodedImageSource.ColumnName;
        IEstimator<ITransformer> mapping = isPath ? LoadImageFileMapping.Estimator(_context) : DecodeImageMapping.Estimator(_context);
        return new EstimatorChain<ITransformer>()
            .Append(_context.Transforms.CopyColumns(source, _inputColumnName))
            .Append(mapping)
            .Append(_context.Transforms.CopyColumns(_outputColumnName, LoadedImage.ColumnName))
            .Append<ITransformer>(_context.Transforms.DropColumns(source, LoadedImage.ColumnName));
    }

    private ArgumentOutOfRangeException Mismatch(string type) =>
        new(
            "schema",
            $"Schema mismatch for input column '{_inputColumnName}': "
                + $"expected Text (the path of an image file) or Vector<Byte> of unknown size (an encoded image), got {type}"
        );
}
