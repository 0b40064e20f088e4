using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>An element type that ONNX and ML.NET both have: how columns of it are read, held and made.</summary>
internal abstract class TensorKind(PrimitiveDataViewType itemType)
{
    /// <summary>ML.NET's type of an element.</summary>
    public PrimitiveDataViewType ItemType { get; } = itemType;

    /// <summary>The kind of an element type, or null where ML.NET has no such type.</summary>
    public static TensorKind? Of(OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float => new Kind<float>(NumberDataViewType.Single, () => new FloatingBuffer<float>()),
            OnnxElementType.Double => new Kind<double>(NumberDataViewType.Double, () => new FloatingBuffer<double>()),
            OnnxElementType.Float16 => new Kind<float>(NumberDataViewType.Single, () => new HalfBuffer()),
            OnnxElementType.Int8 => new Kind<sbyte>(NumberDataViewType.SByte, () => new IntegerBuffer<sbyte>()),
            OnnxElementType.Int16 => new Kind<short>(NumberDataViewType.Int16, () => new IntegerBuffer<short>()),
            OnnxElementType.Int32 => new Kind<int>(NumberDataViewType.Int32, () => new IntegerBuffer<int>()),
            OnnxElementType.Int64 => new Kind<long>(NumberDataViewType.Int64, () => new IntegerBuffer<long>()),
            OnnxElementType.UInt8 => new Kind<byte>(NumberDataViewType.Byte, () => new IntegerBuffer<byte>()),
            OnnxElementType.UInt16 => new Kind<ushort>(NumberDataViewType.UInt16, () => new IntegerBuffer<ushort>()),
            OnnxElementType.UInt32 => new Kind<uint>(NumberDataViewType.UInt32, () => new IntegerBuffer<uint>()),
            OnnxElementType.UInt64 => new Kind<ulong>(NumberDataViewType.UInt64, () => new IntegerBuffer<ulong>()),
            OnnxElementType.Bool => new Kind<bool>(BooleanDataViewType.Instance, () => new BooleanBuffer()),
            OnnxElementType.String => new Kind<ReadOnlyMemory<char>>(TextDataViewType.Instance, () => new TextBuffer()),
            _ => null,
        };

    /// <summary>Makes a buffer.</summary>
    public abstract TensorBuffer NewBuffer();

    /// <summary>Makes the reader of a scalar or vector column of this kind.</summary>
    public abstract TensorColumnReader NewReader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Describes a column of an output's values as they are.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="output">The output's number in the plan.</param>
    /// <param name="shape">The shape of a row: empty for one value, null where rows differ.</param>
    /// <param name="annotations">The column's annotations.</param>
    public OutputColumn NewColumn(string name, int output, IReadOnlyList<int>? shape, DataViewSchema.Annotations annotations) =>
        NewColumn(
            name,
            output,
            shape switch
            {
                { Count: 0 } => ItemType,
                null => new VectorDataViewType(ItemType, size: 0),
                _ => new VectorDataViewType(ItemType, dimensions: shape.ToArray()),
            },
            annotations
        );

    /// <summary>Describes a column of an output's values of a type that is known: this kind's item or a vector of it.</summary>
    public abstract OutputColumn NewColumn(string name, int output, DataViewType type, DataViewSchema.Annotations annotations);

    private sealed class Kind<T>(PrimitiveDataViewType itemType, Func<TensorBuffer> newBuffer) : TensorKind(itemType)
    {
        public override TensorBuffer NewBuffer() => newBuffer();

        public override TensorColumnReader NewReader(DataViewRow row, DataViewSchema.Column column) =>
            column.Type is VectorDataViewType
                ? new VectorReader<T>(row.GetGetter<VBuffer<T>>(column))
                : new ScalarReader<T>(row.GetGetter<T>(column));

        public override OutputColumn NewColumn(string name, int output, DataViewType type, DataViewSchema.Annotations annotations) =>
            type is VectorDataViewType vector
                ? new ValuesColumn<T>(name, output, vector, annotations)
                : new ValueColumn<T>(name, output, ItemType, annotations);
    }
}
