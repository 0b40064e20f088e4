using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>The classes of a label column, in the order of its keys.</summary>
internal abstract class ClassLabels(int count)
{
    internal const string KeyValues = "KeyValues";

    private readonly string[]? _names;
    private readonly string[] _texts = Numbers(count);

    private ClassLabels(string[] names)
        : this(names.Length)
    {
        _names = names;
        // The texts are looked up by their hash, and ML.NET hashes an empty text to "missing".
        if (names.All(n => n.Length > 0) && names.Distinct().Count() == names.Length)
            _texts = names;
    }

    /// <summary>The number of classes.</summary>
    public int Count => count;

    /// <summary>The key values as text; null if the label column has none.</summary>
    public IReadOnlyList<string>? Names => _names;

    /// <summary>A text for each class, never empty and never two alike: the names, or numbers from 0 where names cannot serve.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The type of a column of predicted labels.</summary>
    public KeyDataViewType Type => new(typeof(uint), Count);

    /// <summary>Adds the key values as an annotation; nothing where there are none.</summary>
    public abstract void Annotate(DataViewSchema.Annotations.Builder annotations, string kind);

    /// <summary>A view with a row for each class: the text as a vector of one, and the label as a key with its key values.</summary>
    public abstract IDataView ToView(MLContext context, string textColumn, string labelColumn);

    /// <summary>A view of the texts alone: the keys of MapValueToKey.</summary>
    public IDataView ToKeyData(MLContext context) => context.Data.LoadFromEnumerable(Texts.Select(text => new TextRow { Text = text }));

    /// <summary>Classes of these names.</summary>
    public static ClassLabels Of(IReadOnlyList<string> names) =>
        new Valued<ReadOnlyMemory<char>>(TextDataViewType.Instance, [.. names.Select(n => n.AsMemory())]);

    /// <summary>Reads the classes of a label column.</summary>
    /// <exception cref="ArgumentException">The column is no key.</exception>
    public static ClassLabels Of(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType key)
            throw new ArgumentException(
                $"Label column '{label.Name}': expected Key, got {label.Type}. Add MapValueToKey(\"{label.Name}\") before."
            );
        int count = checked((int)key.Count);
        return label.Annotations.Schema.GetColumnOrNull(KeyValues) is { Type: VectorDataViewType values }
            ? Create(values.ItemType, item => item.Read(label, count))
            : new Numbered(count);
    }

    /// <summary>The names of the keys in a column of vectors of them: their texts, or numbers from 0.</summary>
    public static IReadOnlyList<string> NamesOfItems(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            return Numbers(checked((int)((KeyDataViewType)((VectorDataViewType)column.Type).ItemType).Count));
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>Classes with the kind of key values that a column's shape tells; their number and values are made up.</summary>
    public static ClassLabels Like(SchemaShape.Column label)
    {
        foreach (SchemaShape.Column annotation in label.Annotations)
            if (annotation.Name == KeyValues)
                return Create((PrimitiveDataViewType)annotation.ItemType, item => item.MakeUp(2));
        return new Numbered(2);
    }

    private static ClassLabels Create(PrimitiveDataViewType itemType, Func<IItem, ClassLabels> create) =>
        create((IItem)Activator.CreateInstance(typeof(Item<>).MakeGenericType(itemType.RawType), itemType)!);

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private interface IItem
    {
        ClassLabels Read(DataViewSchema.Column label, int count);

        ClassLabels MakeUp(int count);
    }

    /// <summary>Enters the world of a key value type that is known at run time only.</summary>
    private sealed class Item<T>(PrimitiveDataViewType type) : IItem
    {
        public ClassLabels Read(DataViewSchema.Column label, int count)
        {
            VBuffer<T> values = default;
            label.GetKeyValues(ref values);
            if (values.Length != count)
                throw new ArgumentException($"Label column '{label.Name}' has {count} keys but {values.Length} key values.");
            return new Valued<T>(type, [.. values.DenseValues()]);
        }

        public ClassLabels MakeUp(int count) => new Valued<T>(type, new T[count]);
    }

    private sealed class Numbered(int count) : ClassLabels(count)
    {
        public override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) { }

        public override IDataView ToView(MLContext context, string textColumn, string labelColumn)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(KeyRow));
            schema[nameof(KeyRow.Text)].ColumnName = textColumn;
            SchemaDefinition.Column label = schema[nameof(KeyRow.Key)];
            (label.ColumnName, label.ColumnType) = (labelColumn, Type);
            return context.Data.LoadFromEnumerable(Texts.Select((text, i) => new KeyRow { Text = [text], Key = (uint)i }), schema);
        }
    }

    private sealed class Valued<T>(PrimitiveDataViewType itemType, T[] values) : ClassLabels([.. values.Select(AsText)])
    {
        public override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) =>
            annotations.Add(
                kind,
                new VectorDataViewType(itemType, values.Length),
                (ref VBuffer<T> target) =>
                {
                    VBufferEditor<T> editor = VBufferEditor.Create(ref target, values.Length);
                    values.CopyTo(editor.Values);
                    target = editor.Commit();
                }
            );

        public override IDataView ToView(MLContext context, string textColumn, string labelColumn)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(Row<T>));
            schema[nameof(Row<T>.Text)].ColumnName = textColumn;
            schema[nameof(Row<T>.Value)].ColumnName = labelColumn;
            IDataView rows = context.Data.LoadFromEnumerable(
                Texts.Select((text, i) => new Row<T> { Text = [text], Value = values[i] }),
                schema
            );
            return context.Transforms.Conversion.MapValueToKey(labelColumn, maximumNumberOfKeys: values.Length).Fit(rows).Transform(rows);
        }

        private static string AsText(T value) =>
            value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
    }

    private sealed class Row<T>
    {
        [VectorType(1)]
        public string[] Text { get; set; } = [];

        public T Value { get; set; } = default!;
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class KeyRow
    {
        [VectorType(1)]
        public string[] Text { get; set; } = [];

        // ML.NET reads such members as key values from 0; the number of keys comes with the schema.
        [KeyType(1)]
        public uint Key { get; set; }
    }
}
