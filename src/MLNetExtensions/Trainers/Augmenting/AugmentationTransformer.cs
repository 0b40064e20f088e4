using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Augmentations;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>
/// Marks a column of images with an augmentation and changes no images: in scoring it does nothing. It is saved as an empty chain.
/// </summary>
public sealed class AugmentationTransformer : ITransformer
{
    internal AugmentationTransformer(string columnName, Augmentation augmentation) =>
        (ColumnName, Augmentation) = (columnName, augmentation);

    /// <summary>The column of images.</summary>
    public string ColumnName { get; }

    /// <summary>The augmentation that trainers apply to the images.</summary>
    public Augmentation Augmentation { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Returns the same columns, with one more annotation on the marked one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.GetColumnOrNull(ColumnName) is null
            ? throw MissingColumn.In(inputSchema, "input", ColumnName, Next)
            : AugmentationMark.Add(inputSchema, ColumnName, Augmentation);
    }

    /// <summary>Returns the same rows, with one more annotation on the marked column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MarkedView(input, GetOutputSchema(input.Schema));
    }

    /// <summary>Creates the mapper that PredictionEngine uses: it passes rows through.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, GetOutputSchema(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)new TransformerChain<ITransformer>()).Save(ctx);

    internal const string Next = "Append Augment after what makes the column, and name it in columnName.";

    private sealed class Mapper(DataViewSchema input, DataViewSchema output) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema => output;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            dependingColumns.Select(column => input[column.Index]);

        public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(row, output);
    }

    private sealed class Row(DataViewRow input, DataViewSchema schema) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(input.Schema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            input.GetGetter<TValue>(input.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
