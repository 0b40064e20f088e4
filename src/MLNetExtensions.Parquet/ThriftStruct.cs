using System.Text;

namespace MLNetExtensions.Parquet;

/// <summary>A structure of Thrift: its fields by their numbers.</summary>
internal sealed class ThriftStruct(IReadOnlyDictionary<int, object> fields)
{
    /// <summary>A number; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The field is of another type.</exception>
    public long? Number(int id) => Field<object>(id) is { } value ? value as long? ?? throw Unlike(id) : null;

    /// <summary>A structure; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The field is of another type.</exception>
    public ThriftStruct? Struct(int id) => Field<ThriftStruct>(id);

    /// <summary>The structures of a list; none if there is no list.</summary>
    /// <exception cref="InvalidDataException">The field is of another type.</exception>
    public IEnumerable<ThriftStruct> Structs(int id) =>
        (Field<List<object>>(id) ?? []).Select(element => element as ThriftStruct ?? throw Unlike(id));

    /// <summary>The texts of a list; none if there is no list.</summary>
    /// <exception cref="InvalidDataException">The field is of another type.</exception>
    public IEnumerable<string> Texts(int id) =>
        (Field<List<object>>(id) ?? []).Select(element => Encoding.UTF8.GetString(element as byte[] ?? throw Unlike(id)));

    private T? Field<T>(int id)
        where T : class => fields.TryGetValue(id, out object? value) ? value as T ?? throw Unlike(id) : null;

    private static InvalidDataException Unlike(int id) => new($"field {id} of a structure is of another type than Parquet has");
}
