using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>The bytes of a configuration. Values are set in place: every other byte stays as it was.</summary>
internal sealed class ConfigText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // Paths and class names as they are, not as escapes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly int _markLength;

    /// <exception cref="JsonException">The bytes are not a JSON object.</exception>
    public ConfigText(byte[] bytes)
    {
        _markLength = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        Bytes = bytes;
        if (Root().Kind != JsonTokenType.StartObject)
            throw new JsonException("The text is not an object.");
    }

    public byte[] Bytes { get; private set; }

    /// <summary>The bytes without a byte order mark.</summary>
    public ReadOnlySpan<byte> Json => Bytes.AsSpan(_markLength);

    private string NewLine => Json.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";

    /// <summary>Sets a property of an object.</summary>
    /// <param name="path">The names from the root to the property. Every object on the way exists.</param>
    /// <param name="value">The new value.</param>
    /// <param name="after">The sibling that a new property follows; null, or one that is not there, for the end of the object.</param>
    public void Set(ReadOnlySpan<string> path, JsonNode value, string? after = null)
    {
        JsonSpan owner = Root();
        foreach (string name in path[..^1])
            owner = owner[name] ?? throw new InvalidOperationException($"There is no {name} on the way to {string.Join('.', path!)}.");
        string text = value.ToJsonString(Indented).Replace("\n", $"{NewLine}{Indent(path.Length)}", StringComparison.Ordinal);
        if (owner[path[^1]] is { } present)
            Replace(present.Start, present.End, text);
        else
            Insert(owner, path.Length, after, $"{JsonSerializer.Serialize(path[^1], Indented)}: {text}");
    }

    private static string Indent(int depth) => new(' ', 2 * depth);

    private void Insert(JsonSpan owner, int depth, string? after, string property)
    {
        if (owner.Properties.Count == 0)
        {
            string line = NewLine;
            Replace(owner.Start, owner.End, $"{{{line}{Indent(depth)}{property}{line}{Indent(depth - 1)}}}");
            return;
        }
        JsonSpan previous = after is not null && owner[after] is { } sibling ? sibling : owner.Properties[^1].Value;
        Replace(previous.End, previous.End, $",{NewLine}{Indent(depth)}{property}");
    }

    private void Replace(int start, int end, string text) =>
        Bytes = [.. Bytes[..(_markLength + start)], .. Encoding.UTF8.GetBytes(text), .. Bytes[(_markLength + end)..]];

    private JsonSpan Root() => JsonSpan.Of(Json);
}
