using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

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
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for input column '{ColumnName}': expected {_kind.ItemType} or a vector of it, got {column.Type}. "
                    + "Add Conversion.ConvertType before, or Preprocessing where the column holds images."
            );
        return new RowShape(
            ColumnName,
            Shape
                ?? column.Type switch
                {
                    VectorDataViewType { IsKnownSize: true } known => known.Dimensions,
                    VectorDataViewType => null,
                    _ => [],
                },
            IsExact: Shape is not null
        );
    }

    public override InputReader Open(DataViewRow row) => new TensorReader(_kind.NewReader(row, row.Schema[ColumnName]));
}
