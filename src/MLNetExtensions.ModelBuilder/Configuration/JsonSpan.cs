using System.Text.Json;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>A value of a JSON text, with its place in the text's bytes.</summary>
internal sealed class JsonSpan
{
    private readonly List<(string Name, int NameStart, JsonSpan Value)> _properties = [];

    private JsonSpan(JsonTokenType kind, int start) => (Kind, Start) = (kind, start);

    public JsonTokenType Kind { get; }

    /// <summary>The first byte.</summary>
    public int Start { get; }

    /// <summary>The byte after the last one.</summary>
    public int End { get; private set; }

    /// <summary>The properties of an object, in the text's order, each with the first byte of its name.</summary>
    public IReadOnlyList<(string Name, int NameStart, JsonSpan Value)> Properties => _properties;

    /// <summary>The property of this name; of several, the last one, as Newtonsoft.Json reads it.</summary>
    public JsonSpan? this[string name] => _properties.FindLast(p => p.Name == name).Value;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonSpan Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        reader.Read();
        JsonSpan root = Read(ref reader);
        reader.Read(); // That nothing follows.
        return root;
    }

    private static JsonSpan Read(ref Utf8JsonReader reader)
    {
        var span = new JsonSpan(reader.TokenType, (int)reader.TokenStartIndex);
        if (reader.TokenType == JsonTokenType.StartObject)
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                (string name, int start) = (reader.GetString()!, (int)reader.TokenStartIndex);
                reader.Read();
                span._properties.Add((name, start, Read(ref reader)));
            }
        else if (reader.TokenType == JsonTokenType.StartArray)
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                Read(ref reader);
        span.End = (int)reader.BytesConsumed;
        return span;
    }
}
