using System.Buffers;
using System.Text.Json;

namespace MLNetExtensions.Search.Journals;

/// <summary>Lines of a journal: a JSON object each. Numbers are written so that reading gives the same bits.</summary>
internal static class JournalLine
{
    private const int Version = 1;
    private const string Format = "mlnetextensions-sweep";

    /// <summary>The first line: the settings that a sweep must have to go on.</summary>
    public static byte[] OfSettings(IReadOnlyDictionary<string, string> settings) =>
        Write(json =>
        {
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteStartObject("settings");
            foreach ((string name, string value) in settings)
                json.WriteString(name, value);
            json.WriteEndObject();
        });

    /// <summary>A later line.</summary>
    public static byte[] Of(JournalEvent entry) =>
        Write(json =>
        {
            json.WriteNumber("trial", entry.Trial);
            json.WriteNumber("rung", entry.Rung);
            switch (entry)
            {
                case JournalEvent.Began began:
                    json.WriteString("event", "began");
                    if (began.Point is null)
                        break;
                    json.WriteStartArray("point");
                    foreach (double coordinate in began.Point)
                        json.WriteNumberValue(coordinate);
                    json.WriteEndArray();
                    json.WriteStartObject("values");
                    foreach ((string name, string value) in began.Values)
                        json.WriteString(name, value);
                    json.WriteEndObject();
                    break;
                case JournalEvent.Retried:
                    json.WriteString("event", "retried");
                    break;
                case JournalEvent.BrokenOff:
                    json.WriteString("event", "broken off");
                    break;
                case JournalEvent.Reached reached:
                    json.WriteString("event", "reached");
                    json.WriteNumber("value", reached.Value);
                    if (reached.Epochs is { } epochs)
                        json.WriteNumber("epochs", epochs);
                    json.WriteNumber("seconds", reached.Seconds);
                    break;
                case JournalEvent.Failed failed:
                    json.WriteString("event", "failed");
                    json.WriteString("error", failed.Error);
                    json.WriteNumber("seconds", failed.Seconds);
                    break;
            }
        });

    /// <summary>Reads a first line.</summary>
    /// <exception cref="FormatException">It is none, or of a later version.</exception>
    public static Dictionary<string, string> ReadSettings(ReadOnlyMemory<byte> line)
    {
        using JsonDocument document = Parse(line);
        JsonElement json = document.RootElement;
        if (!json.TryGetProperty("format", out JsonElement format) || format.ToString() != Format)
            throw new FormatException($"it does not begin a journal of a sweep (\"format\": \"{Format}\")");
        if (Number(json, "version") is var version && version > Version)
            throw new FormatException($"it is of version {version}, and this library reads versions up to {Version}");
        if (!json.TryGetProperty("settings", out JsonElement settings) || settings.ValueKind != JsonValueKind.Object)
            throw new FormatException("\"settings\" is missing");
        return settings.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString());
    }

    /// <summary>Reads a later line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="dimensions">The number of coordinates of a point.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static JournalEvent ReadEvent(ReadOnlyMemory<byte> line, int dimensions)
    {
        using JsonDocument document = Parse(line);
        JsonElement json = document.RootElement;
        int trial = Number(json, "trial"),
            rung = Number(json, "rung");
        return Text(json, "event") switch
        {
            "began" => new JournalEvent.Began(trial, rung, rung == 0 ? Point(json, dimensions) : null, []),
            "retried" => new JournalEvent.Retried(trial, rung),
            "broken off" => new JournalEvent.BrokenOff(trial, rung),
            "reached" => new JournalEvent.Reached(
                trial,
                rung,
                Double(json, "value"),
                json.TryGetProperty("epochs", out _) ? Number(json, "epochs") : null,
                Double(json, "seconds")
            ),
            "failed" => new JournalEvent.Failed(trial, rung, Text(json, "error"), Double(json, "seconds")),
            var other => throw new FormatException(
                $"\"event\" is \"{other}\", not \"began\", \"retried\", \"broken off\", \"reached\" or \"failed\""
            ),
        };
    }

    private static double[] Point(JsonElement json, int dimensions)
    {
        if (!json.TryGetProperty("point", out JsonElement point) || point.ValueKind != JsonValueKind.Array)
            throw new FormatException("\"point\" is missing");
        double[] values =
        [
            .. point
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number
                        ? item.GetDouble()
                        : throw new FormatException("\"point\" holds other things than numbers")
                ),
        ];
        return values.Length == dimensions
            ? values
            : throw new FormatException($"\"point\" has {values.Length} numbers, and the space {dimensions} hyper-parameters");
    }

    private static int Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
        && number >= 0
            ? number
            : throw new FormatException($"\"{name}\" is missing, or no whole number of at least 0");

    private static double Double(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new FormatException($"\"{name}\" is missing, or no number");

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"\"{name}\" is missing, or no text");

    private static JsonDocument Parse(ReadOnlyMemory<byte> line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON ({e.Message})", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw new FormatException("it is no JSON object");
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
